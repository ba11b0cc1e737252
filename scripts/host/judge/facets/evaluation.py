"""The evaluation: loss and metrics on the test data."""

from host.judge.numbers import TOLERANCE, close
from host.judge.result import Result, not_compared

ORDER = 60
NAME = "evaluation"
MEANING = "Loss and metrics on the test data, by name."
MUST_BE = "identical, or close"
RESTS_ON = ("predictions", "compile_config")


def compare(pair):
    if "evaluation" not in pair.observed:
        return None
    reference, observed = pair.reference["evaluation"], pair.observed["evaluation"]
    if not reference:
        return not_compared("the reference has no evaluation")
    both = [name for name in sorted(reference) if name in observed and not _same(reference[name], observed[name])]
    absent = [f"{name}: missing" for name in sorted(set(reference) - set(observed))]
    added = [f"{name}: not in the reference" for name in sorted(set(observed) - set(reference))]
    apart = [name for name in both if not close(reference[name], observed[name])]
    differing = absent + added + [f"{name}: {observed[name]!r}, was {reference[name]!r}" for name in both]
    status = "different" if absent or added or apart else "close" if both else "identical"
    worst = max((abs(reference[name] - observed[name]) for name in both), default=None)
    return Result(status, len(reference), len(differing), None, worst, TOLERANCE, differing)


def _same(a, b):
    return a == b or (a != a and b != b)
