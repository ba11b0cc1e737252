"""Judge how one route reads an artifact that the user brings.

The code of such an artifact is unknown, so there is no reference. Outputs are compared with the expected ones from
the configuration, else with those of the first route that has outputs. Variables are compared with those of the first
route that has variables. A route that raises is `not_promised` if another route reads the artifact, else `broken`.

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
from roundtrip import members
from roundtrip.record import read_json

USE = "what it gives"


class Reading:
    """The record of one route."""

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
    promised = {brought: members.member("routes", cell.loader).LINK}
    if mine.read:
        results["architecture"] = architecture(mine, readings)
        results["weights"] = weights(mine, readings)
        results["predictions"] = predictions(item, mine, readings)
    verdict, reason = conclude(mine, readings, results, promised)
    messages = relevant_messages(facts["diagnostics"])
    shown = {
        name: dict(results[name].to_json(), promised=name in promised, link=promised.get(name), relevant=True)
        for name in facets.every()
        if name in results
    }
    outcome = "loaded_with_warnings" if mine.read and messages else facts["outcome"]
    return {
        "cell": cell._asdict(),
        "titles": {"format": FORMATS[cell.format], "loader": members.member("routes", cell.loader).TITLE, "use": USE},
        "outcome": outcome,
        "stage": (facts.get("error") or {}).get("stage"),
        "error": facts.get("error"),
        "verdict": verdict,
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
            return "not_promised", f"This route cannot read it ({words}), but {', '.join(others)} can."
        return "broken", f"No route reads it. This one: {': '.join(filter(None, (error.get('type'), words)))}"
    wrong = [name for name, result in results.items() if result.lost]
    if wrong:
        return "silent_loss", f"The route reads it, but these differ: {', '.join(wrong)}."
    proved = [name for name in promised if results[name].intact]
    limit = "" if "predictions" in promised else f" This route gives only {', '.join(promised)}."
    if not proved:
        return "unproved", f"The route reads it, but there is no expected output or other route to compare with.{limit}"
    return "kept", f"The route reads it, and these agree: {', '.join(proved)}.{limit}"


def predictions(item, mine, readings):
    """Compare the outputs with the expected ones, else with those of the first other route."""
    if not mine.outputs:
        return not_compared("this route runs no model")
    expected = {bare(name): np.array(value) for name, value in (item.get("expected") or {}).items()}
    if expected:
        return arrays(expected, mine.outputs, item["tolerance"], "the expected output")
    first = next((r for r in readings if r.outputs and r is not mine), None)
    if first is None:
        return not_compared("no expected output is configured, and no other route has outputs")
    return arrays(first.outputs, mine.outputs, item["tolerance"], first.id)


def architecture(mine, readings):
    """Compare the layers with those of the first other route that has layers."""
    first = next((r for r in readings if r is not mine and r.architecture), None)
    if not mine.architecture or first is None:
        return not_compared("no other route lists layers" if mine.architecture else "this route lists no layers")
    return compare_json(first.architecture, mine.architecture)


def weights(mine, readings):
    """Compare the variables with those of the first other route that has variables with the same names."""
    names = set(mine.variables)
    first = next((r for r in readings if r is not mine and names and set(r.variables) & names), None)
    if first is None:
        return not_compared("no other route lists variables with these names")
    ours = {name: value for name, value in first.variables.items() if name in names}
    return arrays(ours, {name: mine.variables[name] for name in ours}, 0.0, first.id)


def arrays(expected, observed, tolerance, against):
    """The Result of comparing two {name: array}. If each has one array, their names need not match."""
    if len(expected) == len(observed) == 1:
        observed = {next(iter(expected)): next(iter(observed.values()))}
    detail, worst, differing, same = [f"against {against}"], 0.0, 0, True
    for name, wanted in expected.items():
        got = observed.get(name)
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

    def verdict():
        readings = [Reading(path) for path in args.observed]
        mine = next(r for r in readings if r.id == f"{cell.consumer}/{cell.loader}")
        return judge(cell, read_json(args.item), mine, readings)

    return records.write_verdict(args.out, verdict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
