"""Resumed training, compared batch by batch with the uninterrupted run."""

from host.judge.result import STATUSES, Result, not_compared
from host.judge.states import compare_states

ORDER = 100
NAME = "resumed training"
MEANING = "The logs of each batch of resumed training, and the state at its end, compared with the uninterrupted run."
MUST_BE = "identical, or close"
RESTS_ON = ("evaluation", "optimizer_config", "optimizer_state")
ANNOUNCED_BY = r"rng|seed|random"
LOST_WITH = ("rng_state",)

#: facets that must be intact before a control run counts: its training starts from the loaded state, right or wrong
STATE = ("weights", "non_trainable_state", "optimizer_state")


def compare(pair):
    if "trajectory" not in pair.observed:
        return None
    if "trajectory" not in pair.reference:
        return not_compared("training does not repeat bit for bit")
    ours = pair.reference["trajectory"], pair.reference["final_state"]
    theirs = pair.observed["trajectory"], pair.observed["final_state"]
    result = _runs(pair, ours, theirs, pair.arrays)
    if not (pair.across and result.status == "different" and _state_is_intact(pair)):
        return result
    return _against_control(pair, theirs, result)


def _runs(pair, ours, theirs, arrays):
    """The Result of two runs, each given as (logs, final state)."""
    if not ours[0]["shape"][0]:
        return not_compared("the reference has no batch after the save")
    if ours[0]["names"] != theirs[0]["names"]:
        return Result("different", 1, 1, detail=[f"logs {theirs[0]['names']}, were {ours[0]['names']}"])
    logs = compare_states(*[[dict(run[0], name="batch logs")] for run in (ours, theirs)], arrays, tolerant=True)
    states = [_moved_by_training(state) for state in pair.aligned(ours[1], theirs[1])[:2]]
    final = compare_states(*states, arrays, tolerant=True, widths=not pair.across)
    worst = max((logs, final), key=lambda result: STATUSES.index(result.status))
    ulps, gaps = ([getattr(result, name) for result in (logs, final)] for name in ("max_ulp", "max_abs"))
    return Result(
        worst.status,
        logs.compared + final.compared,
        logs.differing + final.differing,
        *[max((n for n in numbers if n is not None), default=None) for numbers in (ulps, gaps)],
        logs.tolerance,
        logs.detail + [f"after the last batch: {line}" for line in final.detail],
    )


def _moved_by_training(state):
    """The state without seeds: they differ anyway if the random state was lost, which is a facet of its own."""
    return [e for e in state if e["role"] != "rng"]


def _state_is_intact(pair):
    results = [pair.result(facet) for facet in STATE]
    return all(r.status in ("identical", "not_compared") for r in results if r is not None)


def _against_control(pair, theirs, result):
    """The Result against the control (roundtrip.control): a model of this runtime, trained from the loaded state.

    Another runtime computes slightly different values, and training amplifies the difference. If the loaded state is
    the reference's bit for bit, the control shows what a perfect load gives. Without a control, ``result`` stands.
    """
    if "control" not in pair.observed:
        why = pair.observed.get("control_error") or "none was trained"
        result.detail.append(f"no control run: {why}")
        return result
    control = pair.observed["control"], pair.observed["control_state"]
    controlled = _runs(pair, control, theirs, (pair.arrays[1], pair.arrays[1]))
    against = "compared with a control run in this runtime; compared with the producer's run: "
    controlled.detail.insert(0, against + (result.detail or [""])[0])
    return controlled
