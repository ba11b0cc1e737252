"""The optimizer's class and arguments."""

from host.judge.descriptions import compare_descriptions

ORDER = 70
NAME = "optimizer arguments"
MEANING = "The optimizer's class and config, schedules included."
MUST_BE = "equal"
ANNOUNCED_BY = r"optimizer|training config|compile manually|not compiled"


def compare(pair):
    return compare_descriptions(pair, "optimizer_config")
