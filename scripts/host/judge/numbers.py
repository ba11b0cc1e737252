"""Compares two arrays with NumPy: identical bits, else the largest distance in ULP and the largest difference."""

import dataclasses

import numpy as np

#: What counts as close for computed values. A state that is only copied must be identical.
RELATIVE, ABSOLUTE = 1e-5, 1e-6
HALF_RELATIVE, HALF_ABSOLUTE = 1e-2, 1e-3
TOLERANCE = f"|difference| <= {ABSOLUTE:g} + {RELATIVE:g} |reference|"


class Arrays:
    """The arrays of a record: maps an entry of its facts to the array in its ``.npz``.

    A record leaves out the arrays that its reference has bit for bit; these come from ``fallback``.
    """

    def __init__(self, npz, fallback=None):
        self._npz, self._fallback = npz, fallback

    def __getitem__(self, entry):
        for source in (self._npz, self._fallback):
            if source is not None and entry["key"] in source:
                return source[entry["key"]]
        raise KeyError(f"array {entry['key']} is in neither record")


@dataclasses.dataclass
class Gap:
    """How two arrays differ. The numbers are None if shapes or dtypes differ, or if the values are no numbers.

    Integers (a step counter) have no ULP, but a largest difference.
    """

    what: str
    max_ulp: float | None = None
    max_abs: float | None = None
    close: bool = False

    def __str__(self):
        ulp = None if self.max_ulp is None else f"{self.max_ulp:g} ULP"
        absolute = None if self.max_abs is None else f"{self.max_abs:.3g} absolute"
        numbers = ", ".join(filter(None, (ulp, absolute)))
        return f"{self.what} differ" + (f" (max {numbers})" if numbers else "")


def gap(reference, observed, arrays, widths=True):
    """The Gap between two arrays, or None if they are identical.

    Parameters
    ----------
    reference, observed : dict
        Entries of two records (roundtrip.records.ARRAY).
    arrays : (Arrays, Arrays)
        The arrays of the reference and of the observation.
    widths : bool
        Whether integers must have the same width. If not, they are compared by value: a step counter has 64 bits in
        one Keras and 32 in another.
    """
    if reference["sha256"] == observed["sha256"]:
        return None
    counters = not widths and "int" in reference["dtype"] and "int" in observed["dtype"]
    for what in ("shape",) if counters else ("dtype", "shape"):
        if reference[what] != observed[what]:
            return Gap(f"{what} {observed[what]} instead of {reference[what]}")
    a, b = arrays[0][reference], arrays[1][observed]
    if counters and (a == b).all():
        return None
    if reference["dtype"].startswith(("float", "bfloat")):
        return _float_gap(a, b, reference["dtype"])
    largest = float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max()) if "int" in reference["dtype"] else None
    return Gap(f"{int((a != b).sum())} of {a.size} values", max_abs=largest)


def _float_gap(a, b, dtype):
    fa, fb = as_float(a, dtype), as_float(b, dtype)
    with np.errstate(invalid="ignore"):
        distance = np.where((fa == fb) | (np.isnan(fa) & np.isnan(fb)), 0.0, np.abs(fa - fb))
    relative, absolute = (HALF_RELATIVE, HALF_ABSOLUTE) if "16" in dtype else (RELATIVE, ABSOLUTE)
    return Gap(
        f"{int((distance > 0).sum())} of {a.size} values",
        ulp_distance(a, b, dtype),
        None if np.isnan(distance).any() else float(distance.max()),
        bool((np.isfinite(distance) & (distance <= absolute + relative * np.abs(fa))).all()),
    )


def close(a, b):
    """Whether two numbers are equal within the tolerance; False if one is NaN."""
    return abs(a - b) <= ABSOLUTE + RELATIVE * abs(a)


def as_float(values, dtype):
    """The values as float64. A bfloat16 array is stored as its bits."""
    if dtype == "bfloat16":
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return values.astype(np.float64)


def ulp_distance(a, b, dtype):
    """The largest distance in ULP between two arrays of one float dtype; inf if only one of two values is NaN."""
    if a.size == 0:
        return 0.0
    fa, fb = as_float(a, dtype), as_float(b, dtype)
    if bool((np.isnan(fa) != np.isnan(fb)).any()):
        return float("inf")
    numbers = ~np.isnan(fa)
    x, y = ordered(np.ascontiguousarray(a))[numbers], ordered(np.ascontiguousarray(b))[numbers]
    distance = np.where(x > y, x - y, y - x)
    return float(distance.max()) if distance.size else 0.0


def ordered(values):
    """Floats as integers whose distance is the distance in units in the last place (ULP)."""
    width = values.dtype.itemsize
    bits = values.view({2: np.uint16, 4: np.uint32, 8: np.uint64}[width]).astype(np.uint64)
    sign = np.uint64(1 << (8 * width - 1))
    return np.where(bits & sign, sign - (bits & (sign - np.uint64(1))), bits + sign)
