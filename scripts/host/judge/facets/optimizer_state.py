"""The optimizer's variables."""

ORDER = 80
NAME = "optimizer state"
MEANING = "The optimizer's variables: step counter, learning rate, slots (moments, velocities)."
MUST_BE = "identical bits"
ANNOUNCED_BY = r"optimizer|slot|starting with freshly|training config"


def compare(pair):
    # a transfer to another model carries only weights
    return None if pair.observed.get("transferred_state") else pair.compare_role("optimizer")
