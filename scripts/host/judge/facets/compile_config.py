"""The compile arguments."""

from host.judge.descriptions import compare_descriptions

ORDER = 90
NAME = "loss and metrics"
MEANING = "Losses, metrics, loss weights, execution options, in one spelling."
MUST_BE = "equal"
ANNOUNCED_BY = r"compil|training config|loss|metric"


def compare(pair):
    return compare_descriptions(pair, "compile_config")
