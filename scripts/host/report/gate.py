"""The gate: does this run hold anything that nobody has accepted?

It fails on zero cells and on every cell whose final verdict does not pass (report/words.py): an unexpected
silent loss, a broken, degraded, not reproducible or unproved cell, and an expectation that no longer holds. It fails
on an expectation that is overdue or explains cells of more than one cause, too (report/upkeep.py).

As a command, reads gate.json, says what fails and exits with 1 if anything does:

    PYTHONPATH=scripts python -m host.report.gate --report results/report/gate.json
"""

import argparse
import json
import sys
from pathlib import Path

from host.report import words
from host.report.cells import counts


def decide(cells, entries=()):
    """gate.json: {"passed", "cells", "counts" by final verdict, "failures", "entries"} for judged cells.

    ``entries`` are the expectations that fail the gate themselves (host.report.upkeep).
    """
    failures = [
        {
            "cell": cell["path"],
            "verdict": cell["final"],
            "reason": cell.get("reason") or "",
            "rerun": cell["rerun"],
        }
        for cell in cells
        if not words.verdict(cell["final"]).passes
    ]
    if not cells:
        failures = [{"cell": None, "verdict": "unproved", "reason": "no cell was judged", "rerun": None}]
    return {
        "passed": not failures and not entries,
        "cells": len(cells),
        "counts": counts(cells),
        "failures": failures,
        "entries": list(entries),
    }


def lines(answer, most):
    """The answer as text, with ``most`` failures spelt out."""
    if answer["passed"]:
        return [f"Gate passes: {answer['cells']} cells, none unexplained."]
    if not answer["cells"]:
        return ["Gate FAILS: no cell was judged."]
    failures, entries = answer["failures"], answer["entries"]
    wrong = [f"{len(failures)} of {answer['cells']} cells"] if failures else []
    wrong += [f"{len(entries)} of the expectations"] if entries else []
    text = [f"Gate FAILS: {', '.join(wrong)}."]
    for entry in entries[:most]:
        text += [
            f"  {entry['problem']}: {words.printable(entry['entry'])}",
            f"      {words.printable(entry['remedy'])}",
        ]
    for failure in failures[:most]:
        text.append(f"  {failure['verdict']}: {failure['cell']}")
        text += [f"      {words.printable(failure[key])}" for key in ("reason", "rerun")]
    if len(failures) > most:
        text.append(f"  ... and {len(failures) - most} more")
    return text


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", required=True, metavar="JSON", help="gate.json of a report")
    parser.add_argument("--most", type=int, default=50, metavar="N", help="failures to spell out (default 50)")
    args = parser.parse_args(argv)
    answer = json.loads(Path(args.report).read_text(encoding="utf-8"))
    print("\n".join(lines(answer, args.most)))
    return 0 if answer["passed"] is True else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
