"""What the outputs of a brought artifact are held against: the given expectation, else what most routes agree on."""

import dataclasses
import pathlib

import numpy as np

from host.judge import records
from host.judge.numbers import ABSOLUTE, HALF_ABSOLUTE, HALF_RELATIVE, RELATIVE, Arrays, as_float
from host.judge.result import Result, not_compared


class Reading:
    """The observation of one route, with its arrays."""

    def __init__(self, path):
        self.facts, self.arrays = records.read("observed", path), Arrays(records.arrays_beside(path))
        cell = self.facts["cell"] or {}
        self.consumer, self.loader, self.use = str(pathlib.Path(path).parent).split("/")[-3:]
        if cell:
            records.belongs(self.facts, {"consumer": self.consumer, "loader": self.loader, "use": self.use}, path)
        self.id = f"{self.consumer}/{self.loader}"
        self.outputs = {e["name"]: e for e in self.facts.get("outputs") or []}
        self.inputs = [e["sha256"] for e in sorted(self.facts.get("inputs") or [], key=lambda e: e["name"])]
        self.loaded = self.facts["outcome"] == "loaded"

    @property
    def steady(self):
        """Whether it has outputs that a second call repeated."""
        return bool(self.outputs) and not self.facts.get("not_repeated")

    def values(self):
        return {name: Values(self.arrays[e], e["dtype"]) for name, e in self.outputs.items()}


@dataclasses.dataclass(frozen=True)
class Values:
    """An array and the dtype that it had; None for values that a person wrote down, whose dtype says nothing."""

    array: np.ndarray
    dtype: str | None


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """``|difference| <= absolute + relative |expected|``, for each output; None: the usual ones for its dtype."""

    given: object = None

    def of(self, name, dtype):
        """(relative, absolute) of an output."""
        given = self.given
        if isinstance(given, dict) and not {"relative", "absolute"} & set(given):
            given = given.get(name)
        if isinstance(given, (int, float)):
            given = {"relative": given, "absolute": 0.0}
        half = dtype in ("float16", "bfloat16")
        usual = (HALF_RELATIVE, HALF_ABSOLUTE) if half else (RELATIVE, ABSOLUTE)
        return tuple((given or {}).get(key, value) for key, value in zip(("relative", "absolute"), usual, strict=True))


def given(item, folder):
    """{output: Values} of the expectation in the configuration; None if there is none."""
    expected = item.get("expected")
    if isinstance(expected, str):
        with np.load(pathlib.Path(folder, expected)) as arrays:
            return {bare(name): Values(value, value.dtype.name) for name, value in arrays.items()}
    return {bare(name): Values(np.array(value), None) for name, value in (expected or {}).items()} or None


def bare(name):
    return name.removesuffix(":0")


def majority(mine, readings, tolerance, trusted):
    """({output: Values} or None, words): what most routes agree on, for the inputs of ``mine``.

    ``trusted``: the ids of the routes whose weights are those that the file states; they decide between equals.
    """
    rivals = [r for r in readings if r.steady and r.inputs == mine.inputs]
    others = [r for r in rivals if r is not mine]
    if not others:
        return None, f"no other route has outputs for the same inputs{why_none(mine, readings)}; give `expected`"
    groups = grouped(rivals, tolerance)
    if len(groups) > 1:
        size = len(groups[0])
        best = [group for group in groups if len(group) == size]
        if len(best) > 1:
            best = [group for group in best if trusted & {r.id for r in group}]
        if len(best) != 1:
            names = "; ".join(", ".join(r.id for r in group) for group in groups)
            return None, f"the routes disagree, and nothing says which is right: {names}. Give `expected`"
        groups = best
    group = groups[0]
    other = next((r for r in group if r is not mine), mine)
    why = f"{len(group)} of {len(rivals)} routes agree on: {', '.join(r.id for r in group[:4])}"
    return other.values(), f"what {why}"


def why_none(mine, readings):
    """How the other routes ended, in brackets."""
    ends = {r.id: "other inputs" if r.steady else "no outputs" if r.loaded else r.facts["outcome"] for r in readings}
    ends.pop(mine.id)
    return f" ({', '.join(f'{id_}: {end}' for id_, end in sorted(ends.items()))})" if ends else ""


def grouped(readings, tolerance):
    """Lists of readings whose outputs agree, the largest first."""
    groups = []
    for reading in readings:
        home = next((g for g in groups if compare(g[0].values(), reading.values(), tolerance, "").intact), None)
        if home is None:
            groups.append([reading])
        else:
            home.append(reading)
    return sorted(groups, key=len, reverse=True)


def compare(expected, observed, tolerance, against, partly=False):
    """The Result of comparing {output: Values}. ``partly``: whether more outputs may be there than are expected."""
    pairs, notes = paired(expected, observed)
    if len(observed) != len(expected) and not partly:
        notes.append(f"{len(observed)} outputs, expected {len(expected)}")
    worst, wrong, weak, same = 0.0, [], [], len(expected) > 0
    for name, got in pairs.items():
        problem, gap, equal, small = difference(expected[name], got, tolerance.of(name, expected[name].dtype))
        wrong += [f"{name}: {problem}"] if problem else []
        weak += [f"{name}: {small}"] if small else []
        worst, same = max(worst, gap), same and equal
    counts = [n for n in notes if "expected" in n]
    detail = [f"against {against}", *wrong, *notes, *weak]
    if not wrong and not counts and weak and len(weak) == len(pairs) and not same:
        return not_compared(f"the expected values are too small for the tolerance: {'; '.join(weak)}")
    status = "different" if wrong or counts else "identical" if same else "close"
    relative, absolute = tolerance.of(next(iter(expected), ""), None)
    words = f"|difference| <= {absolute:g} + {relative:g} |expected|"
    # a difference in shape, dtype or number of outputs is none in value
    largest = None if status == "different" and worst == 0 else worst
    return Result(status, len(expected), len(wrong) + len(counts), None, largest, words, detail)


def paired(expected, observed):
    """({expected name: Values or None}, notes): by name, the others by their order and shape."""
    pairs = {name: observed.get(name) for name in expected}
    free = {name: v for name, v in observed.items() if name not in expected}
    notes = []
    for name in [n for n in expected if pairs[n] is None]:
        fits = [o for o in free if free[o].array.shape == expected[name].array.shape] or (
            list(free) if len(expected) == 1 and len(free) == 1 else []
        )
        if fits:
            pairs[name] = free.pop(fits[0])
            notes.append(f"{name} is called {fits[0]}")
    return pairs, notes


def difference(expected, got, tolerance):
    """(problem or None, largest gap, whether identical, a warning or None)."""
    if got is None:
        return "missing", 0.0, False, None
    a, b = expected.array, got.array
    if a.shape != b.shape:
        return f"shape {b.shape}, expected {a.shape}", 0.0, False, None
    if expected.dtype is not None and expected.dtype != got.dtype:
        return f"dtype {got.dtype}, expected {expected.dtype}", 0.0, False, None
    if b.dtype.kind not in "fiub" or a.dtype.kind not in "fiub":
        equal = bool((a.astype(str) == b.astype(str)).all())
        return (None if equal else f"{first(b)}, expected {first(a)}"), 0.0, equal, None
    return numbers(*(as_float(v.array, v.dtype or "") for v in (expected, got)), tolerance)


def numbers(a, b, tolerance):
    relative, absolute = tolerance
    with np.errstate(invalid="ignore"):
        gap = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    if np.isnan(gap).any():
        return f"{int(np.isnan(b).sum())} values are NaN, expected {int(np.isnan(a).sum())}", 0.0, False, None
    # relative to an infinite value every difference would be small enough
    fits = (gap == 0) | (np.isfinite(a) & (gap <= absolute + relative * np.abs(a)))
    small = (np.abs(a) <= 10 * absolute) & (a != 0) & (gap > 0)
    warning = (
        f"{int(small.sum())} of {a.size} expected values are not ten times the absolute tolerance"
        if small.any()
        else None
    )
    worst = float(gap.max(initial=0.0))
    if not fits.all():
        at = tuple(int(i[0]) for i in np.nonzero(~fits))
        return (
            f"{int((~fits).sum())} of {a.size} values differ, at {list(at)} {b[at]:g}, expected {a[at]:g}",
            worst,
            False,
            warning,
        )
    return None, worst, bool((gap == 0).all()), warning if small.all() else None


def first(array):
    return np.array2string(array.ravel()[:3], threshold=3)
