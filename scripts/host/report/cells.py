"""Reads verdict files, and adds the keys to each cell that every output needs."""

import json
import math
import shlex
from pathlib import Path
from typing import NamedTuple

from host.findings import ties
from host.report import expectations, not_run, words
from host.select import paths
from host.select.cells import AXES


class Run(NamedTuple):
    """The judged cells of a run, and what follows from them: what every output is made from.

    Parameters
    ----------
    cells : list of dict
        As returned by ``judge``.
    excluded : list of dict
        The combinations that were not run, with ``reason``.
    entries : list of dict
        The expectations.
    gate : dict
        As returned by ``host.report.gate.decide``.
    answers : dict
        As returned by ``host.report.answers.compatibility.data``.
    findings : list of dict
        As returned by ``host.findings.find.find``.
    """

    cells: list
    excluded: list
    entries: list
    gate: dict
    answers: dict
    findings: list


# without the --, Snakemake would take the target for a third rule to force
RERUN = "snakemake --cores 1 {options}--forcerun load_artifact read_artifact -- "


def read_cells(path):
    """(verdicts, excluded, name) of a run's cells.json, whose ``cells`` are axes joined by ``/``.

    Each verdict also gets the run's ``options`` (``--configfile mine.yaml``), which its rerun command needs.
    """
    run = read_json(path)
    judged = [_judged_or_not_run(cell.split("/")) for cell in run["cells"]]
    verdicts = [{**verdict, "options": run.get("options") or ""} for verdict in judged]
    return verdicts, run.get("excluded") or [], run.get("name", "")


def _judged_or_not_run(axes):
    chain = not_run.chain_of(axes)
    return read_verdict(chain[-1]) if not_run.is_current(chain) else not_run.cell(axes, chain)


def read_verdicts(listing):
    """The verdicts of a text file that lists one verdict.json per line."""
    paths = [line.strip() for line in Path(listing).read_text(encoding="utf-8").splitlines()]
    return [read_verdict(path) for path in paths if path]


def read_json(path):
    """The JSON of a file, cleaned (see clean)."""
    return clean(json.loads(Path(path).read_text(encoding="utf-8")))


def read_verdict(path):
    """A verdict's JSON, cleaned; ends the report where the file is none."""
    try:
        verdict = read_json(path)
        missing = [axis for axis in AXES if axis not in verdict["cell"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"report: {path} is not a verdict: {type(error).__name__}: {error}") from error
    if missing or "verdict" not in verdict:
        raise SystemExit(f"report: {path} lacks {', '.join(missing) or 'its verdict'}")
    return verdict


def clean(value):
    """The value as standard JSON and UTF-8 can hold it: infinities and NaN as text, lone surrogates replaced."""
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def judge(verdicts, entries, known):
    """The cells, worst first, with the keys ``note``, ``expectation``, ``versions`` and those that ``complete`` adds.

    ``known`` is {id: host.select.runtimes.Runtime}; expectations match on versions.
    """
    cells = [complete(v) | versions(v["cell"], known) for v in expectations.judge(verdicts, entries, known)]
    return sorted(cells, key=lambda c: (words.severity(c["verdict"]), words.rank(c["note"]), c["path"]))


def versions(axes, known):
    """``versions`` of a cell: those of its producer's and its consumer's Keras; a brought artifact has no producer."""
    return {"versions": {end: known[axes[end]].version for end in ("producer", "consumer") if axes[end] in known}}


def complete(cell):
    """The cell with ``path``, ``passes``, ``lost``, ``gone``, ``findings`` (ids), ``total_seconds``, ``rerun``, ..."""
    cell = dict(cell)
    facets = cell.get("facets") or {}
    cell["path"] = "/".join(str(cell["cell"][axis]) for axis in AXES)
    cell["passes"] = words.passes(cell["verdict"], cell["note"])
    cell["lost"], cell["gone"] = (_facets_with(statuses, facets) for statuses in (words.LOST, words.GONE))
    bad = words.verdict(cell["verdict"]).kind == words.BAD
    cell["first_lost"] = sorted(expectations.first_lost(cell), key=list(words.FACETS).index) if bad else []
    cell["findings"] = [tie["id"] for tie in ties.ties(cell)] if bad else []
    cell["max_ulp"] = max((float(u) for u in _ulps(facets) if u is not None), default=None)
    cell["total_seconds"] = total(cell.get("seconds") or {})
    cell["reproduction"] = reproduction(cell)
    cell["rerun"] = rerun(cell) + shlex.quote(paths.verdict(cell["path"].split("/")))
    return cell


def _facets_with(statuses, facets):
    """The facets with these statuses. Those that the use does not rest on were compared as well, but do not decide."""
    some = [n for n, f in facets.items() if f.get("status") in statuses and f.get("relevant", True)]
    return sorted(some, key=[*words.FACETS, *some].index)


def apis(axes):
    """The apis of a cell's runtimes: ``keras3``, or ``keras2 → keras3``; what two of them keep is never one share."""
    return " → ".join(dict.fromkeys(axes[end].rpartition("-")[2] for end in ("producer", "consumer")))


def reproduction(cell):
    """What the reproduction of the cell showed (host.reproduce.run); None if none was run since it was judged."""
    file = Path(paths.reproduced(cell["path"].split("/")))
    if not file.exists():
        return None
    result = read_json(file)
    if result["records"] != cell.get("records"):
        return None
    return {
        **{key: result.get(key) for key in ("result", "output", "reason")},
        "file": str(file.with_name("reproduce.py")),
    }


def rerun(cell):
    """The command that runs the cell again, up to its target."""
    return RERUN.format(options=f"{cell['options']} " if cell.get("options") else "")


def _ulps(facets):
    return [f.get("max_ulp") for f in facets.values() if f.get("relevant", True)]


def total(seconds):
    """The seconds that a cell took: ``total`` if given, else the sum of the stages."""
    if seconds.get("total") is not None:
        return seconds["total"]
    return round(sum(seconds.values()), 3) if seconds else None


def counts(cells):
    """{verdict: number of cells}, worst first, zeros included."""
    verdicts = [cell["verdict"] for cell in cells]
    unknown = sorted(set(verdicts) - set(words.BY_ID))
    return {id_: verdicts.count(id_) for id_ in unknown + list(words.BY_ID)}


def notes(cells):
    """{note: {verdict: number of cells}} of the cells with a note, the worst verdicts first."""
    order = list(counts(cells))
    by_note = {note.id: [c["verdict"] for c in cells if c["note"] == note.id] for note in words.NOTES[:-1]}
    return {note: {id_: some.count(id_) for id_ in order if id_ in some} for note, some in by_note.items()}
