"""The gate: fails if the run holds anything bad that is new.

It judges the notes, and hides no verdict. It fails if there is no cell, or if a cell does not pass (``passes`` in
report/words.py): it is bad and no expectation says so, nothing could be proved, or an expectation no longer holds; and
if every cell of a model that the user brings is not applicable. It also fails if an expectation is overdue or explains
cells of more than one cause (report/upkeep.py).

As a command, it reads gate.json, lists the failures and exits with 1 if there are any:

    PYTHONPATH=scripts python -m host.report.gate --report results/report/gate.json
"""

import argparse
import json
import sys
from pathlib import Path

from host.report import words
from host.report.cells import counts, notes


def decide(cells, entries=()):
    """The content of gate.json for judged cells: "passed", "cells", "counts", "notes", "failures" and "entries".

    ``entries`` are the expectations that need attention (host.report.upkeep); they fail the gate too.
    """
    failures = [
        {
            "cell": cell["path"],
            "verdict": cell["verdict"],
            "note": cell["note"],
            "reason": cell.get("reason") or "",
            "rerun": cell["rerun"],
        }
        for cell in cells
        if not cell["passes"]
    ]
    for model, rerun in _unjudged(cells).items():
        failures.append(_without_cell(f"each cell of {model} is left out, so nothing is proved", rerun))
    if not cells:
        failures = [_without_cell("no cell was judged", None)]
    return {
        "passed": not failures and not entries,
        "cells": len(cells),
        "counts": counts(cells),
        "notes": notes(cells),
        "failures": failures,
        "entries": list(entries),
    }


def _unjudged(cells):
    """{model: the command of one of its cells} of the models that every cell leaves out: nothing of them is proved."""
    judged = {cell["cell"]["model"] for cell in cells if cell["verdict"] != "not_applicable"}
    return {cell["cell"]["model"]: cell["rerun"] for cell in cells if cell["cell"]["model"] not in judged}


def _without_cell(reason, rerun):
    return {"cell": None, "verdict": "unproved", "note": "none", "reason": reason, "rerun": rerun}


def sentence(answer):
    """What is bad, known or not, and what proves nothing: ``broken 88, silent loss 82, all known; new: 0``."""
    known, new, fixed = (answer["notes"][note] for note in ("known", "new", "fixed"))
    bad = {id_: known.get(id_, 0) + new.get(id_, 0) for id_ in answer["counts"]}
    share = "all known" if known and not new else f"known: {sum(known.values())}"
    unproved = {i: n for i, n in answer["counts"].items() if words.verdict(i).kind == words.NO_PROOF}
    parts = [f"{words.counted(bad)}, {share}" if known or new else "nothing bad", f"new: {sum(new.values())}"]
    parts += [f"fixed: {sum(fixed.values())}"] if fixed else []
    parts += [f"without proof: {words.counted(unproved)}"] if any(unproved.values()) else []
    return "; ".join(parts)


def lines(answer, most):
    """The result of the gate as lines of text, with at most ``most`` failures listed."""
    if answer["passed"]:
        return [f"Gate passes: {answer['cells']} cells; {sentence(answer)}."]
    if not answer["cells"]:
        return ["Gate FAILS: no cell was judged."]
    failures, entries = answer["failures"], answer["entries"]
    wrong = [f"{len(failures)} of {answer['cells']} cells"] if failures else []
    wrong += [f"{len(entries)} {'expectation' if len(entries) == 1 else 'expectations'}"] if entries else []
    text = [f"Gate FAILS: {', '.join(wrong)}. All cells: {sentence(answer)}."]
    for entry in entries[:most]:
        text += [
            f"  {entry['problem']}: {words.printable(entry['entry'])}",
            f"      {words.printable(entry['remedy'])}",
        ]
    for failure in failures[:most]:
        note = "" if failure["note"] == "none" else f", {failure['note']}"
        text.append(f"  {failure['verdict']}{note}: {failure['cell'] or 'a model'}")
        text += [f"      {words.printable(failure[key])}" for key in ("reason", "rerun")]
    if len(failures) > most:
        text.append(f"  ... and {len(failures) - most} more")
    return text


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", required=True, metavar="JSON", help="gate.json of a report")
    parser.add_argument("--most", type=int, default=50, metavar="N", help="failures to list (default: 50)")
    args = parser.parse_args(argv)
    answer = json.loads(Path(args.report).read_text(encoding="utf-8"))
    print("\n".join(lines(answer, args.most)))
    return 0 if answer["passed"] is True else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
