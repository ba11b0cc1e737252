"""Judge one route's reading of an artifact that the user brings.

Nothing is known of its code, so there is no reference: outputs are held against the expected ones where the
configuration gives them, else against the first route that gave any; variables against the first route that saw
any. A route that refuses is an answer; `broken` if no route reads the artifact at all.

    PYTHONPATH=scripts python -m host.judge.brought CELL --item JSON --observed JSON [JSON ...] --out JSON
"""

import argparse
import sys

import numpy as np

from host.judge import facets, records
from host.judge.messages import relevant_messages
from host.judge.numbers import Arrays
from host.judge.result import Result, not_compared
from host.judge.trees import compare_json
from host.select.brought import FORMATS
from host.select.cells import AXES, Cell
from roundtrip import routes
from roundtrip.record import read_json

USE = "what it gives"


class Reading:
    """What one route recorded."""

    def __init__(self, path):
        self.facts, arrays = records.read("reading", path), Arrays(records.arrays_beside(path))
        self.id = "/".join(path.split("/")[-3:-1])
        consumer, loader = path.split("/")[-3:-1]
        records.belongs(self.facts, {"consumer": consumer, "loader": loader}, path)
        self.read = self.facts["outcome"] == "loaded"
        self.outputs = {e["name"]: arrays[e] for e in self.facts.get("outputs") or []}
        self.variables = {e["name"]: arrays[e] for e in self.facts.get("variables") or []}
        self.architecture = self.facts.get("architecture")


def judge(cell, item, mine, readings):
    """The verdict of a cell as plain JSON (roundtrip.records.VERDICT)."""
    facts, results = mine.facts, {}
    brought = "predictions" if mine.outputs or not mine.read else "weights" if mine.variables else "architecture"
    promised = {brought: routes.route(cell.loader).LINK}
    if mine.read:
        results["architecture"] = architecture(mine, readings)
        results["weights"] = weights(mine, readings)
        results["predictions"] = predictions(item, mine, readings)
    said, reason = conclude(mine, readings, results, promised)
    messages = relevant_messages(facts["diagnostics"])
    shown = {
        name: dict(results[name].to_json(), promised=name in promised, link=promised.get(name), relevant=True)
        for name in facets.every()
        if name in results
    }
    outcome = "loaded_with_warnings" if mine.read and messages else facts["outcome"]
    return {
        "cell": cell._asdict(),
        "titles": {"format": FORMATS[cell.format], "loader": routes.route(cell.loader).TITLE, "use": USE},
        "outcome": outcome,
        "stage": (facts.get("error") or {}).get("stage"),
        "error": facts.get("error"),
        "verdict": said,
        "reason": reason,
        "facets": shown,
        "promised": promised,
        "warnings": messages,
        "notes": {},
        "files": [],
        "seconds": facts["seconds"],
        "peak_memory_mb": facts.get("usage", {}).get("peak_mb"),
        "trajectory": None,
        "all_signatures": facts.get("all_signatures"),
    }


def conclude(mine, readings, results, promised):
    """(verdict, reason)."""
    others = [r.id for r in readings if r.read]
    if not mine.read:
        error = mine.facts.get("error") or {}
        words = (error.get("message") or mine.facts["outcome"]).strip().splitlines()[0][:300]
        if others:
            return "not_promised", f"Not by this route ({words}), but by {', '.join(others)}."
        return "broken", f"No route reads it. This one: {error.get('type', 'it')}: {words}"
    wrong = [name for name, result in results.items() if result.lost]
    if wrong:
        return "silent_loss", f"It reads, and gives something else: {', '.join(wrong)}."
    proved = [name for name in promised if results[name].intact]
    less = "" if "predictions" in promised else f" It gives no more than {', '.join(promised)}."
    if not proved:
        return "unproved", f"It reads, and no expected output and no other route tells whether that is right.{less}"
    return "kept", f"It reads, and agrees: {', '.join(proved)}.{less}"


def predictions(item, mine, readings):
    """The outputs against the expected ones, else against the first route's."""
    if not mine.outputs:
        return not_compared("this route runs nothing")
    expected = {bare(name): np.array(value) for name, value in (item.get("expected") or {}).items()}
    if expected:
        return arrays(expected, mine.outputs, item["tolerance"], "the expected output")
    first = next((r for r in readings if r.outputs and r is not mine), None)
    if first is None:
        return not_compared("no expected output is configured, and no other route gave one")
    return arrays(first.outputs, mine.outputs, item["tolerance"], first.id)


def architecture(mine, readings):
    """The layers against those that the first other route found."""
    first = next((r for r in readings if r is not mine and r.architecture), None)
    if not mine.architecture or first is None:
        return not_compared("no other route sees layers" if mine.architecture else "this route sees no layers")
    return compare_json(first.architecture, mine.architecture)


def weights(mine, readings):
    """The variables against those of the first other route that saw variables of the same names."""
    names = set(mine.variables)
    first = next((r for r in readings if r is not mine and names and set(r.variables) & names), None)
    if first is None:
        return not_compared("no other route sees the variables by these names")
    ours = {name: value for name, value in first.variables.items() if name in names}
    return arrays(ours, {name: mine.variables[name] for name in ours}, 0.0, first.id)


def arrays(expected, found, tolerance, against):
    """A facet: {name: array} against {name: array}; where there is one of each, whatever their names."""
    if len(expected) == len(found) == 1:
        found = {next(iter(expected)): next(iter(found.values()))}
    detail, worst, differing, same = [f"against {against}"], 0.0, 0, True
    for name, wanted in expected.items():
        got = found.get(name)
        if got is None or got.size != wanted.size:
            detail.append(f"{name}: {'missing' if got is None else f'shape {got.shape}, was {wanted.shape}'}")
            differing += 1
            continue
        wanted = wanted.reshape(got.shape)
        same = same and bool((got == wanted).all())
        if got.dtype.kind in "fiub" and wanted.dtype.kind in "fiub":
            a, b = wanted.astype(np.float64), got.astype(np.float64)
            gap = np.abs(a - b)
            worst = max(worst, float(gap.max(initial=0.0)))
            agree = bool((gap <= tolerance * np.maximum(1.0, np.abs(a))).all())
        else:
            agree = bool((got.astype(str) == wanted.astype(str)).all())
        if not agree:
            detail.append(f"{name}: {np.array2string(got.ravel()[:4])}, was {np.array2string(wanted.ravel()[:4])}")
            differing += 1
    status = "different" if differing else "identical" if same else "close"
    within = f"|difference| <= {tolerance:g} x max(1, |expected|)" if tolerance else "identical"
    return Result(status, len(expected), differing, None, worst, within, detail)


def bare(name):
    return name.removesuffix(":0")


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cell", help="/".join(AXES))
    parser.add_argument("--item", required=True, metavar="JSON")
    parser.add_argument("--observed", required=True, nargs="+", metavar="JSON", help="of all routes of the artifact")
    parser.add_argument("--out", required=True, metavar="JSON")
    args = parser.parse_args(argv)
    cell = Cell(*args.cell.split("/"))
    readings = [Reading(path) for path in args.observed]
    mine = next(r for r in readings if r.id == f"{cell.consumer}/{cell.loader}")
    records.write("verdict", args.out, judge(cell, read_json(args.item), mine, readings))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
