"""The cells inside the page, in two parts: what is drawn at once, and the evidence, read when a cell is opened.

This is the first part: the columns of the cells, and all else that the page's scripts read at once. chunks.py makes
the second one. page/data.js documents how the scripts read them.
"""

import json

from host.report import words
from host.report.cells import counts, rerun
from host.report.packing import Table
from host.select import paths
from host.select.cells import AXES

#: plain columns, as the cell has them
PLAIN = ("verdict", "note", "passes", "outcome", "stage", "reason")
FIELDS = (*AXES, *PLAIN, "error", "known", "artifact")
LISTS = ("facets", "warnings", "lost", "findings")
#: what is drawn of a facet at once; chunks.py has its numbers
OUTLINE = ("status", "promised", "relevant", "link")
#: digits of a SHA-256 that the page shows; manifest.json has all
DIGITS = 12


def data(cells, excluded, entries):
    """What the page's scripts read at once, as one dict of plain JSON."""
    used = known(cells, entries)
    return {
        "axes": AXES,
        "columns": columns(cells, {key_of(k["entry"]): number for number, k in enumerate(used)}),
        "titles": titles(cells),
        "excluded": reasons(excluded),
        "known": used,
        "verdicts": [v._asdict() for v in map(words.verdict, counts(cells))],
        "notes": [n._asdict() for n in words.NOTES],
        "statuses": {name: {"symbol": symbol, "meaning": text} for name, (symbol, text) in words.STATUSES.items()},
        "facets": words.FACETS,
        "lost": words.LOST,
        "gone": words.GONE,
        "kept": words.KEPT,
        "rerun": {"command": rerun(cells[0] if cells else {}), "target": paths.verdict(["{cell}"])},
    }


def columns(cells, numbers):
    """The cells as columns of FIELDS; ``numbers``: {expectation as text: its place among the known}."""
    table, read_by_many = Table(FIELDS, LISTS), artifacts_of_many(cells)
    for cell in cells:
        table.add(
            {
                **cell["cell"],
                **{field: cell.get(field) for field in PLAIN},
                "lost": cell["lost"],
                "findings": cell.get("findings") or [],
                "facets": [outline(name, facts) for name, facts in (cell.get("facets") or {}).items()],
                "error": message(cell.get("error")),
                "warnings": [w["message"] for w in cell.get("warnings") or []],
                "known": numbers[key_of(cell["expectation"])] if cell["expectation"] else None,
                "artifact": largest(cell) if artifact(cell) in read_by_many else None,
            }
        )
    return table.columns()


def outline(name, facts):
    """A facet without its numbers, and without empty values."""
    return {"facet": name, **{key: facts[key] for key in OUTLINE if facts.get(key) is not None}}


def message(error):
    """What is drawn at once of an error."""
    return {key: error.get(key) for key in ("type", "message", "stage")} if error else None


def artifact(cell):
    """The axes of what was saved: all but those of its reading."""
    return tuple(cell["cell"][axis] for axis in AXES[:4])


def artifacts_of_many(cells):
    """The artifacts that several runtimes read."""
    readers = {}
    for cell in cells:
        readers.setdefault(artifact(cell), set()).add(cell["cell"]["consumer"])
    return {key for key, consumers in readers.items() if len(consumers) > 1}


def largest(cell):
    """The artifact's largest file: {"path", "sha256"}, with the first digits of its digest."""
    files = sorted(cell.get("files") or [], key=lambda f: -f["size"])
    return {"path": files[0]["path"], "sha256": files[0]["sha256"][:DIGITS]} if files else None


def titles(cells):
    """{axis: {id: title}}."""
    by_axis = {}
    for cell in cells:
        for axis, title in (cell.get("titles") or {}).items():
            if axis in cell["cell"] and title:
                by_axis.setdefault(axis, {})[cell["cell"][axis]] = title
    return by_axis


def reasons(excluded):
    """Each reason with its number of entries and the ids that it concerns, by axis; the most frequent first."""
    by_reason = {}
    for entry in excluded:
        by_reason.setdefault(entry.get("reason") or "", []).append(entry)
    return [
        {"reason": text, "entries": len(some), "ids": {a: sorted({e[a] for e in some if a in e}) for a in AXES}}
        for text, some in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    ]


def known(cells, entries):
    """Each expectation with the number of cells that it explains, unused ones included."""
    used = {key_of(e): {"entry": e, "cells": 0} for e in entries}
    for cell in cells:
        if cell["expectation"]:
            used.setdefault(key_of(cell["expectation"]), {"entry": cell["expectation"], "cells": 0})["cells"] += 1
    return list(used.values())


def key_of(entry):
    """An expectation as text."""
    return json.dumps(entry, sort_keys=True)


def as_script(value):
    """JSON that is safe inside a <script> element: no text in it can end the element or open a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
