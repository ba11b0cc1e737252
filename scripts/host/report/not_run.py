"""Cells that were not run: a fault of the machine or of ours kept them from a verdict. Why, and what to do.

A verdict that an earlier run left is no verdict of this one where one of its records is gone, or is younger.
"""

import json
from pathlib import Path

from host.select import paths
from host.select.cells import Cell
from roundtrip import faults

#: lines of a job's log that stand for its reason
TAIL = 3


def is_current(chain):
    """Whether the last of a chain of files (a verdict) is there, and none of the others is missing or younger."""
    try:
        times = [Path(file).stat().st_mtime_ns for file in chain]
    except OSError:
        return False
    return times[-1] == max(times)


def cell(axes, chain):
    """What the report has of a cell that was not run, in the words of a verdict."""
    stage, reason = cause(chain)
    return {
        "cell": dict(zip(Cell._fields, axes, strict=True)),
        "titles": {},
        "outcome": "not_run",
        "stage": stage,
        "error": None,
        "verdict": "not_run",
        "reason": reason,
        "promised": {},
        "facets": {},
        "warnings": [],
        "notes": {},
        "files": [],
        "seconds": {},
        "peak_memory_mb": None,
        "trajectory": None,
    }


def cause(chain):
    """(stage, reason): what the first step left that said why, else of the first file that is missing."""
    for file in chain:
        left = Path(file).with_name(faults.FILE)
        if left.exists():
            return stage_of(file), json.loads(left.read_text(encoding="utf-8"))["reason"]
    for file in chain:
        if not Path(file).exists():
            return stage_of(file), last_lines(Path(file))
    return "verify", "the records are younger than the verdict: the run ended before it was judged anew"


def stage_of(file):
    """The step that makes a file, by its folder below ``results/``."""
    return {
        "environments": "environment",
        "trained": "train",
        "saved": "save",
        "loaded": "load",
    }.get(Path(file).parts[1], "verify")


def last_lines(path):
    """What is known of a job that did not make a file: the end of its log, else what its disk says now."""
    logs = sorted(path.parent.glob("*.log"), key=lambda log: log.stat().st_mtime_ns)
    lines = [line.strip() for log in logs[-1:] for line in log.read_text(errors="replace").splitlines() if line.strip()]
    if lines:
        return "its job failed: " + " ".join(lines[-TAIL:])[-600:]
    # a disk that is full takes neither the reason nor the log
    nearest = next(folder for folder in path.parents if folder.exists())
    return faults.of_folders(nearest) or "its job was not begun: one that it needs failed, or the run was ended"


def chain_of(axes):
    """Every file that a cell's verdict rests on, in the order in which they are made, the verdict last."""
    runtimes = [axes[4]] if paths.is_brought(axes) else [axes[0], axes[4]]
    stamps = [f"results/environments/{runtime.rpartition('-')[0]}/environment.json" for runtime in runtimes]
    return [*dict.fromkeys(stamps), *paths.chain(Cell(*axes))]
