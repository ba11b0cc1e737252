"""The random state: which random numbers dropout draws next.

In Keras 3, seed generators are variables. Keras 2's random ops keep their state in their kernels, so only its effect
can be observed: from the same weights, the first batch of resumed training has the same loss if and only if the same
numbers were drawn. https://www.tensorflow.org/api_docs/python/tf/random/set_seed
"""

from host.judge.result import Result, not_compared

ORDER = 40
NAME = "random state"
MEANING = "The states of seed generators: which random numbers dropout draws next."
MUST_BE = "identical bits"
ANNOUNCED_BY = r"rng|seed|random"


def compare(pair):
    if pair.observed.get("transferred_state"):
        return None  # a transfer to another model carries only weights
    result = _in_variables(pair)
    hidden = "rng" in pair.path.traits and result is not None and result.status == "not_compared"
    return _by_effect(pair) if hidden else result


def _in_variables(pair):
    result = pair.compare_role("rng")
    if pair.across and result is not None and result.status == "missing":
        return not_compared("the consumer keeps no random state in variables")
    return result


def _by_effect(pair):
    if "trajectory" not in pair.observed:
        return not_compared("no variable holds it; only resumed training would show it")
    a, b = pair.arrays[0][pair.reference["trajectory"]], pair.arrays[1][pair.observed["trajectory"]]
    if a.shape != b.shape:
        return Result("different", 1, 1, detail=["the trajectories have different shapes"])
    if bool((a[0] == b[0]).all()):
        return Result("identical", 1)
    return Result("different", 1, 1, detail=["the first resumed batch drew other random numbers: its loss differs"])
