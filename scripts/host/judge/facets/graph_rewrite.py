"""A rewrite of the graph (large model support): what a training step executes of it, against the reference's step.

Never what lies in the graph: a rewrite that came too late, or that an optimiser removed, looks the same there.
"""

import re

from host.judge.result import Result, not_compared

ORDER = 120
MEANING = "Nodes that a rewritten graph executes in one training step."
MUST_BE = "as many as in the reference"
ANNOUNCED_BY = r"updating input tensor"
PURPOSE = True

#: TensorFlow's warning that an edge was changed which a session knows already, of a node that was swapped
LATE = re.compile(r"(?=.*updating input tensor)(?=.*lms/)", re.DOTALL)
STATUS = {"effective": "identical", "partial": "different", "ineffective": "missing"}


def compare(pair):
    if "graph_rewrite" not in pair.reference or "rewrites" not in pair.path.traits:
        return None
    ours, theirs = pair.reference["graph_rewrite"], pair.observed.get("graph_rewrite") or {}
    warnings = sum(LATE.search(m["message"]) is not None for m in pair.observed["diagnostics"])
    wanted, executed = _wanted(pair, ours, theirs, warnings), theirs.get("executed")
    if executed is None:
        return not_compared(theirs.get("error") or "nothing that could be trained for a step came back")
    if not wanted:
        return not_compared("the reference's step executed nothing of the rewrite")
    effect = "effective" if executed >= wanted else "partial" if executed else "ineffective"
    added = theirs.get("added")
    detail = [f"{effect}: {executed} of {wanted} {ours['unit']} executed in one step, {added} in the graph"]
    if warnings:
        detail.append(f"{warnings} warnings that a change of an lms/ input came after the session had run")
    numbers = {"effect": effect, "executed": executed, "expected": wanted, "added": added, "warnings": warnings}
    return Result(STATUS[effect], wanted, max(0, wanted - executed), detail=detail, rewrite=numbers)


def _wanted(pair, ours, theirs, warnings):
    """How many nodes a training step must execute: as many as the reference's.

    A graph that was rewritten by another version is another graph. Then all that was added there must be executed,
    less as many nodes as the reference added and did not execute; all of it where TensorFlow warned that it came
    too late.
    """
    anew_elsewhere = pair.across and "graph_rewrite" in pair.path.loader.SUPPLIES
    if not (anew_elsewhere and ours["executed"] and theirs.get("added")):
        return ours["executed"]
    unused = 0 if warnings else ours["added"] - ours["executed"]
    return max(1, theirs["added"] - unused)
