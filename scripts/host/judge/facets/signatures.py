"""The signatures of what can be served."""

from host.judge.trees import compare_json

ORDER = 110
MEANING = "Inputs and outputs of a serving signature: names, shapes, dtypes."
MUST_BE = "equal"
SHOWN_BY_USE = True
ANNOUNCED_BY = r"signature"


def compare(pair):
    """As the code that saved chose them, else as the model's code implies them."""
    if pair.manifest.get("signatures"):
        seen = "all_signatures" in pair.observed or "signatures" in pair.observed
        return compare_json(pair.manifest["signatures"], pair.observed.get("all_signatures")) if seen else None
    if "signatures" not in pair.observed:
        return None
    return compare_json(pair.observed["signatures"]["expected"], pair.observed["signatures"]["found"])
