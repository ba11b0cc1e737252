"""Compares two states (lists of variables), matched by name, else by order and shape."""

from host.judge.numbers import TOLERANCE, gap
from host.judge.result import Result, not_compared


def pair(reference, observed):
    """Match the variables of two states: by name, and the others by creation order and shape.

    Returns (list of (reference entry or None, observed entry or None), notes). A renamed variable is a note
    and not a difference: names are no part of a state, and differ between Keras versions.
    """
    theirs = {e["name"]: e for e in observed}
    ours = {e["name"] for e in reference}
    matched = {e["name"]: theirs.get(e["name"]) for e in reference}
    unmatched = [e for e in observed if e["name"] not in ours]
    notes = []
    for e in reference:
        if matched[e["name"]] is None:
            same = [o for o in unmatched if (o["shape"], o["dtype"]) == (e["shape"], e["dtype"])]
            if same:
                matched[e["name"]] = same[0]
                unmatched.remove(same[0])
                notes.append(f"{e['name']} is called {same[0]['name']}")
    return [(e, matched[e["name"]]) for e in reference] + [(None, e) for e in unmatched], notes


def compare_states(reference, observed, arrays, tolerant=False, widths=True):
    """The Result of comparing two lists of variables.

    Parameters
    ----------
    reference, observed : list of dict
        Entries of two records (roundtrip.records.VARIABLE).
    arrays : (host.judge.numbers.Arrays, host.judge.numbers.Arrays)
    tolerant : bool
        Whether values within the tolerance give ``close`` (for computed values), or ``different``.
    widths : bool
        See host.judge.numbers.gap.
    """
    if not reference and not observed:
        return not_compared("nothing to compare: the reference has no such variables")
    pairs, notes = pair(reference, observed)
    gaps = [(ref["name"], gap(ref, obs, arrays, widths)) for ref, obs in pairs if ref and obs]
    gaps = [(name, difference) for name, difference in gaps if difference]
    absent = [f"{ref['name']}: missing" for ref, obs in pairs if obs is None]
    added = [f"{obs['name']}: not in the reference" for ref, obs in pairs if ref is None]
    detail = absent + added + [f"{name}: {difference}" for name, difference in gaps]
    worst = [
        max((n for n in numbers if n is not None), default=None)
        for numbers in ([g.max_ulp for _, g in gaps], [g.max_abs for _, g in gaps])
    ]
    return Result(
        _status(len(absent) == len(reference) > 0, absent + added, gaps, tolerant),
        len(pairs),
        len(detail),
        *worst,
        TOLERANCE if tolerant else "identical bits",
        detail + notes,
    )


def _status(nothing, unpaired, gaps, tolerant):
    if nothing:
        return "missing"
    if not unpaired and not gaps:
        return "identical"
    return "close" if tolerant and not unpaired and all(g.close for _, g in gaps) else "different"
