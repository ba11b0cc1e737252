"""The non-trainable weights."""

ORDER = 30
NAME = "other weights"
MEANING = "The other weights: BatchNorm's statistics, adapted means, frozen weights."
MUST_BE = "identical bits"
ANNOUNCED_BY = r"weight|variable|checkpoint|layer|skipp|vocabulary|state"


def compare(pair):
    return pair.compare_role("non_trainable")
