"""Comparing what was observed with the reference, facet by facet, with NumPy alone.

Never one number for all: identical bits, or close (largest ULP and absolute difference, tolerance stated),
or different, with the names of what differs.
"""

import numpy as np

#: What counts as close for numbers that are computed anew. A state that is copied must be identical.
RELATIVE, ABSOLUTE = 1e-5, 1e-6
HALF_RELATIVE, HALF_ABSOLUTE = 1e-2, 1e-3
DETAILS = 12  # lines of detail that a facet keeps


def facet(status, compared=0, differing=0, max_ulp=None, max_abs=None, tolerance=None, detail=()):
    """A facet's result as plain JSON; ``status`` is identical, close, different, missing or not_compared."""
    detail = list(detail)
    more = len(detail) - DETAILS
    return {
        "status": status,
        "compared": compared,
        "differing": differing,
        "max_ulp": max_ulp,
        "max_abs": max_abs,
        "tolerance": tolerance,
        "detail": detail[:DETAILS] + ([f"and {more} more"] if more > 0 else []),
    }


def not_compared(why):
    return facet("not_compared", detail=[why])


class Arrays:
    """The arrays of a record, by the entries that stand for them among its facts.

    ``fallback`` holds those that the record left out because a reference has them bit for bit.
    """

    def __init__(self, npz, fallback=None):
        self._npz, self._fallback = npz, fallback

    def __getitem__(self, entry):
        for source in (self._npz, self._fallback):
            if source is not None and entry["key"] in source:
                return source[entry["key"]]
        raise KeyError(f"array {entry['key']} is in neither record")


def ordered(values):
    """Floats as integers whose distance is the distance in units in the last place (ULP)."""
    width = values.dtype.itemsize
    unsigned = values.view({2: np.uint16, 4: np.uint32, 8: np.uint64}[width])
    bits = unsigned.astype(np.uint64)
    sign = np.uint64(1 << (8 * width - 1))
    return np.where(bits & sign, sign - (bits & (sign - np.uint64(1))), bits + sign)


def ulp_distance(a, b, dtype):
    """The largest distance in ULP between two arrays of one float dtype (bfloat16 as its bits), inf for NaN."""
    if a.size == 0:
        return 0.0
    fa, fb = as_float(a, dtype), as_float(b, dtype)
    if bool((np.isnan(fa) != np.isnan(fb)).any()):
        return float("inf")
    finite = ~np.isnan(fa)
    x, y = ordered(np.ascontiguousarray(a))[finite], ordered(np.ascontiguousarray(b))[finite]
    distance = np.where(x > y, x - y, y - x)
    return float(distance.max()) if distance.size else 0.0


def as_float(values, dtype):
    """The values as float64, whatever they are kept as."""
    if dtype == "bfloat16":
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return values.astype(np.float64)


def is_float(entry):
    return entry["dtype"].startswith(("float", "bfloat"))


def compare_array(reference, observed, ref_arrays, obs_arrays, widths=True):
    """How one array differs; without ``widths``, integers of any width are compared by value (a step counter).

    Returns None for identical bits, else {"what", "max_ulp", "max_abs", "close"}; the numbers are None where
    shapes or dtypes differ or the values are no floats.
    """
    if reference["sha256"] == observed["sha256"]:
        return None
    counters = not widths and "int" in reference["dtype"] and "int" in observed["dtype"]
    for what in ("shape",) if counters else ("dtype", "shape"):
        if reference[what] != observed[what]:
            return {
                "what": f"{what} {observed[what]} instead of {reference[what]}",
                "max_ulp": None,
                "max_abs": None,
                "close": False,
            }
    a, b = ref_arrays[reference], obs_arrays[observed]
    if counters and (a == b).all():
        return None
    if not is_float(reference):
        return {"what": f"{int((a != b).sum())} of {a.size} values", "max_ulp": None, "max_abs": None, "close": False}
    dtype = reference["dtype"]
    fa, fb = as_float(a, dtype), as_float(b, dtype)
    with np.errstate(invalid="ignore"):
        gap = np.where((fa == fb) | (np.isnan(fa) & np.isnan(fb)), 0.0, np.abs(fa - fb))
    half = "16" in dtype
    relative, absolute = (HALF_RELATIVE, HALF_ABSOLUTE) if half else (RELATIVE, ABSOLUTE)
    close = bool((np.isfinite(gap) & (gap <= absolute + relative * np.abs(fa))).all())
    return {
        "what": f"{int((gap > 0).sum())} of {a.size} values",
        "max_ulp": ulp_distance(a, b, dtype),
        "max_abs": None if np.isnan(gap).any() else float(gap.max()),
        "close": close,
    }


def pair(reference, observed):
    """Match the variables of two states: by name, and what is left by creation order and shape.

    Returns (list of (reference entry or None, observed entry or None), notes). A renamed variable is a note
    and not a difference: names are no part of a state, and differ between Keras versions.
    """
    theirs = {e["name"]: e for e in observed}
    ours = {e["name"] for e in reference}
    matched = {e["name"]: theirs.get(e["name"]) for e in reference}
    left = [e for e in observed if e["name"] not in ours]
    notes = []
    for e in reference:
        if matched[e["name"]] is None:
            same = [o for o in left if (o["shape"], o["dtype"]) == (e["shape"], e["dtype"])]
            if same:
                matched[e["name"]] = same[0]
                left.remove(same[0])
                notes.append(f"{e['name']} is called {same[0]['name']}")
    return [(e, matched[e["name"]]) for e in reference] + [(None, e) for e in left], notes


def compare_state(reference, observed, ref_arrays, obs_arrays, tolerant=False, widths=True, said=()):
    """Compare lists of variables; ``tolerant`` lets close values pass as ``close``, ``said`` is added to the detail."""
    if not reference and not observed:
        return not_compared("nothing to compare: the reference has no such variables")
    pairs, notes = pair(reference, observed)
    detail, worst_ulp, worst_abs, all_close, differing, missing = [], 0.0, 0.0, True, 0, 0
    for ref, obs in pairs:
        if ref is None or obs is None:
            missing, differing = missing + (obs is None), differing + 1
            detail.append(f"{(obs or ref)['name']}: {'missing' if obs is None else 'not in the reference'}")
            continue
        gap = compare_array(ref, obs, ref_arrays, obs_arrays, widths)
        if gap is None:
            continue
        differing += 1
        all_close &= gap["close"]
        worst_ulp = _worst(worst_ulp, gap["max_ulp"])
        worst_abs = _worst(worst_abs, gap["max_abs"])
        detail.append(f"{ref['name']}: {gap['what']} differ{_numbers(gap)}")
    tolerance = f"|difference| <= {ABSOLUTE:g} + {RELATIVE:g} |reference|" if tolerant else "identical bits"
    if not differing:
        status = "identical"
    elif missing == len(reference) and reference:
        status = "missing"
    elif tolerant and all_close and not missing and not any(r is None for r, _ in pairs):
        status = "close"
    else:
        status = "different"
    numbers = (None, None) if not differing else (worst_ulp, worst_abs)
    return facet(status, len(pairs), differing, *numbers, tolerance, detail + notes + list(said))


def _worst(so_far, value):
    return so_far if value is None else max(so_far, value)


def _numbers(gap):
    if gap["max_ulp"] is None:
        return ""
    return f" (max {gap['max_ulp']:g} ULP" + (
        f", {gap['max_abs']:.3g} absolute)" if gap["max_abs"] is not None else ")"
    )


def compare_json(reference, observed):
    """Compare two plain JSON values; each differing place is named by its path."""
    if reference is None:
        return not_compared("nothing to compare: the reference has none")
    if observed is None:
        return facet("missing", 1, 1, detail=["absent"])
    places = list(differences(reference, observed))
    leaves = count_leaves(reference)
    return facet("different" if places else "identical", leaves, len(places), detail=places)


def differences(reference, observed, path=""):
    """Yield a line for each place where two JSON values differ."""
    if isinstance(reference, dict) and isinstance(observed, dict):
        for key in sorted(set(reference) | set(observed)):
            here = f"{path}.{key}" if path else key
            if key not in observed:
                yield f"{here}: missing, was {short(reference[key])}"
            elif key not in reference:
                yield f"{here}: {short(observed[key])}, was not there"
            else:
                yield from differences(reference[key], observed[key], here)
    elif isinstance(reference, list) and isinstance(observed, list) and len(reference) == len(observed):
        for i, (a, b) in enumerate(zip(reference, observed, strict=True)):
            yield from differences(a, b, f"{path}[{i}]")
    elif reference != observed or type(reference) is not type(observed):
        yield f"{path or 'value'}: {short(observed)}, was {short(reference)}"


def count_leaves(value):
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(count_leaves, value))
    return 1


def short(value, limit=160):
    """A value as a line shows it."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
