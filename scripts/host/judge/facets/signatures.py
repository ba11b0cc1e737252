"""The serving signatures."""

from host.judge.trees import compare_json

ORDER = 110
NAME = "serving signatures"
MEANING = "Inputs and outputs of a serving signature: names, shapes, dtypes."
MUST_BE = "equal"
SHOWN_BY_USE = True
ANNOUNCED_BY = r"signature"


def compare(pair):
    """Compare with the signatures that the saving code chose, else with those that the model's code implies."""
    if pair.manifest.get("signatures"):
        recorded = "all_signatures" in pair.observed or "signatures" in pair.observed
        return compare_json(pair.manifest["signatures"], pair.observed.get("all_signatures")) if recorded else None
    if "signatures" not in pair.observed:
        return None
    return compare_json(pair.observed["signatures"]["expected"], pair.observed["signatures"]["found"])
