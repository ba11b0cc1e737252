"""The architecture: what the model says of its layers, and how it takes its inputs and gives its outputs."""

from host.judge.descriptions import compare_descriptions

ORDER = 10
MEANING = "Class, config, each layer's name, class, trainable flag, dtype policy and vocabulary; inputs and outputs."
MUST_BE = "equal"
ANNOUNCED_BY = r"custom|layer|config|architecture|lambda|not.*serializ"


def compare(pair):
    return compare_descriptions(pair, "architecture")
