"""Resumed training, batch by batch, against the run that never stopped."""

from host.judge.result import STATUSES, Result, not_compared
from host.judge.states import compare_states

ORDER = 100
MEANING = (
    "The logs of each batch when training goes on, and the state after the last, against the run that never stopped."
)
MUST_BE = "identical, or close"
RESTS_ON = ("evaluation", "optimizer_config", "optimizer_state")
ANNOUNCED_BY = r"rng|seed|random"

#: facets whose loss a control run would carry on, and so excuse
STATE = ("weights", "non_trainable_state", "optimizer_state")


def compare(pair):
    if "trajectory" not in pair.observed:
        return None
    ours = pair.reference["trajectory"], pair.reference["final_state"]
    theirs = pair.observed["trajectory"], pair.observed["final_state"]
    result = _runs(pair, ours, theirs, pair.arrays)
    if not (pair.across and result.status == "different" and _state_is_intact(pair)):
        return result
    return _against_control(pair, theirs, result)


def _runs(pair, ours, theirs, arrays):
    """The Result of two (logs, final state)."""
    if not ours[0]["shape"][0]:
        return not_compared("the reference trained on no batch")
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
    """Everything but the seeds, which differ by themselves where the random state was lost."""
    return [e for e in state if e["role"] != "rng"]


def _state_is_intact(pair):
    results = [pair.result(facet) for facet in STATE]
    return all(r.status in ("identical", "not_compared") for r in results if r is not None)


def _against_control(pair, theirs, result):
    """The same against the control (roundtrip.control): a model of this runtime that was given the loaded state.

    Another runtime computes otherwise, and training carries the difference on. Where the loaded state is the
    reference's bit for bit, the control is what a perfect load gives. Without a control the result stands.
    """
    if "control" not in pair.observed:
        why = pair.observed.get("control_error") or "none was trained"
        result.detail.append(f"without a control: {why}")
        return result
    control = pair.observed["control"], pair.observed["control_state"]
    controlled = _runs(pair, control, theirs, (pair.arrays[1], pair.arrays[1]))
    against = "against a model from the code with the same state, in this runtime; against the producer's own run: "
    controlled.detail.insert(0, against + (result.detail or [""])[0])
    return controlled
