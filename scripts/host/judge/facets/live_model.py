"""The live model: saving must not change the model that is saved."""

from host.judge.result import not_compared
from host.judge.trees import compare_json

ORDER = 140
NAME = "model in memory"
MEANING = "The model in memory before and after it was saved: state, description, predictions."
MUST_BE = "equal"
OWED = True


def compare(pair):
    live = pair.manifest.get("live") or {}
    if "after" not in live:
        return not_compared("saved during training; the state that was saved is compared with the reference instead")
    return compare_json(live["before"], live["after"])
