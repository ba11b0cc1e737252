"""The predictions for the test inputs."""

from host.judge.states import compare_states

ORDER = 50
NAME = "predictions"
MEANING = "The outputs for 64 test samples, and their container (tensor, list, tuple, dict)."
MUST_BE = "identical, or close"
RESTS_ON = ("architecture", "weights", "non_trainable_state")


def compare(pair):
    if "predictions" not in pair.observed:
        return None
    reference, observed = pair.reference["predictions"], pair.observed["predictions"]
    result = compare_states(_leaves(reference), _leaves(observed), pair.arrays, tolerant=True)
    if reference["structure"] != observed["structure"]:
        result.detail.insert(0, f"structure {observed['structure']}, was {reference['structure']}")
        result.status, result.differing = "different", max(1, result.differing)
    return result


def _leaves(entry):
    return [dict(leaf, name=f"output {i}") for i, leaf in enumerate(entry["leaves"])]
