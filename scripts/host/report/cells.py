"""Reads verdict files and adds to each cell what every output needs."""

import json
import math
import shlex
from pathlib import Path

from host.environments import declared
from host.report import expectations, words
from host.select import paths, runtimes
from host.select.cells import AXES

# what follows -- is a target, not a third rule
RERUN = "snakemake --cores 1 {options}--forcerun load_artifact pretrained_route -- "


def read_cells(path):
    """(verdicts, excluded) of the run's list: {"cells": [axes joined by /], "excluded": [axes and reason]}.

    Its ``options`` (``--configfile mine.yaml``), which a command needs beside the path, are put into each verdict.
    """
    run = read_json(path)
    verdicts = [_verdict(paths.verdict(cell.split("/"))) for cell in run["cells"]]
    return [{**v, "options": run.get("options") or ""} for v in verdicts], run.get("excluded") or []


def read_verdicts(listing):
    """The verdicts of a text file that names one verdict.json a line."""
    paths = [line.strip() for line in Path(listing).read_text(encoding="utf-8").splitlines()]
    return [_verdict(path) for path in paths if path]


def read_json(path):
    """Cleaned JSON of a file."""
    return clean(json.loads(Path(path).read_text(encoding="utf-8")))


def _verdict(path):
    try:
        found = read_json(path)
        missing = [axis for axis in AXES if axis not in found["cell"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"report: {path} is not a verdict: {type(error).__name__}: {error}") from error
    if missing or "verdict" not in found:
        raise SystemExit(f"report: {path} lacks {', '.join(missing) or 'its verdict'}")
    return found


def clean(value):
    """The value with only what JSON, XML and UTF-8 can hold: infinities as words, lone surrogates replaced."""
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def judge(verdicts, entries, environments):
    """The cells, worst first, with the keys ``final`` and ``expectation`` and those of ``complete``.

    ``environments`` is the folder of the environments' files: expectations speak of versions.
    """
    known = {}
    if entries:
        known = runtimes.known({p.stem: declared.load(p) for p in sorted(Path(environments).glob("*.yaml"))})
    cells = [complete(v) for v in expectations.judge(verdicts, entries, known)]
    return sorted(cells, key=lambda c: (words.severity(c["final"]), c["path"]))


def complete(cell):
    """The cell with ``path``, ``lost``, ``max_ulp``, ``total_seconds`` and ``rerun``."""
    cell = dict(cell)
    facets = cell.get("facets") or {}
    cell["path"] = "/".join(str(cell["cell"][axis]) for axis in AXES)
    # What a use does not rest on was looked at as well, but a cell is not judged by it.
    lost = [n for n, f in facets.items() if f.get("status") in words.LOST and f.get("relevant", True)]
    cell["lost"] = sorted(lost, key=[*words.FACETS, *lost].index)
    cell["max_ulp"] = max((float(u) for u in _ulps(facets) if u is not None), default=None)
    cell["total_seconds"] = total(cell.get("seconds") or {})
    cell["rerun"] = rerun(cell) + shlex.quote(paths.verdict(cell["path"].split("/")))
    return cell


def rerun(cell):
    """The command that runs the cell again, up to its target."""
    return RERUN.format(options=f"{cell['options']} " if cell.get("options") else "")


def _ulps(facets):
    return [f.get("max_ulp") for f in facets.values() if f.get("relevant", True)]


def total(seconds):
    """The seconds that a cell took: ``total`` where it is given, else the sum of the stages."""
    if seconds.get("total") is not None:
        return seconds["total"]
    return round(sum(seconds.values()), 3) if seconds else None


def counts(cells):
    """{final verdict: cells}, worst first, zeros included."""
    found = [cell["final"] for cell in cells]
    unknown = sorted(set(found) - set(words.BY_ID))
    return {id_: found.count(id_) for id_ in unknown + list(words.BY_ID)}
