"""A rewrite of the graph (large model support): how much of it a training step executes, compared with the reference.

What the graph contains proves nothing: a rewrite that came too late, or that a graph optimizer removed, is still
there.
"""

import re

from host.judge.result import Result, not_compared

ORDER = 120
NAME = "rewritten graph"
MEANING = "Nodes that a rewritten graph executes in one training step."
MUST_BE = "as many as in the reference"
ANNOUNCED_BY = r"updating input tensor"
PURPOSE = True

#: TensorFlow's warning that an input of a swapped node was changed after a session had already run it
LATE = re.compile(r"(?=.*updating input tensor)(?=.*lms/)", re.DOTALL)
STATUS = {"effective": "identical", "partial": "different", "ineffective": "missing"}


def compare(pair):
    if "graph_rewrite" not in pair.reference or "rewrites" not in pair.path.traits:
        return None
    ours, theirs = pair.reference["graph_rewrite"], pair.observed.get("graph_rewrite") or {}
    warnings = sum(LATE.search(m["message"]) is not None for m in pair.observed["diagnostics"])
    wanted, executed = _wanted(pair, ours, theirs, warnings), theirs.get("executed")
    if executed is None:
        return not_compared(theirs.get("error") or "the loaded model cannot be trained, so no step was traced")
    if not wanted:
        return not_compared("the reference's step executed no node of the rewrite")
    effect = "effective" if executed >= wanted else "partial" if executed else "ineffective"
    added = theirs.get("added")
    detail = [f"{effect}: {executed} of {wanted} {ours['unit']} executed in one step, {added} in the graph"]
    if warnings:
        detail.append(f"{warnings} warnings that an input of an lms/ node was changed after the session had run it")
    numbers = {"effect": effect, "executed": executed, "expected": wanted, "added": added, "warnings": warnings}
    return Result(STATUS[effect], wanted, max(0, wanted - executed), detail=detail, rewrite=numbers)


def _wanted(pair, ours, theirs, warnings):
    """How many nodes a training step must execute: as many as in the reference.

    If another version rewrote the graph, the graphs differ. Then the step must execute all nodes that were added
    there, less the number of nodes that the reference added but did not execute. If TensorFlow warned that the rewrite
    came too late, the step must execute all of them.
    """
    anew_elsewhere = pair.across and "graph_rewrite" in pair.path.loader.SUPPLIES
    if not (anew_elsewhere and ours["executed"] and theirs.get("added")):
        return ours["executed"]
    unused = 0 if warnings else ours["added"] - ours["executed"]
    return max(1, theirs["added"] - unused)
