"""The architecture: class, config and layers of the model, and the structure of its inputs and outputs."""

from host.judge.descriptions import compare_descriptions

ORDER = 10
NAME = "layers"
MEANING = (
    "Class and config; each layer's name, class, trainable flag, dtype policy and vocabulary; the structure of inputs "
    "and outputs; how many weights train."
)
MUST_BE = "equal"
ANNOUNCED_BY = r"custom|layer|config|architecture|lambda|not.*serializ"


def compare(pair):
    return compare_descriptions(pair, "architecture")
