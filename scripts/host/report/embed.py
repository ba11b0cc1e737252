"""The cells as compact JSON inside the page: each distinct value is stored once, and referred to by number.

Thousands of cells repeat the same facets, warnings, file lists and lines of tracebacks. So a cell is a list of
numbers, one for each of FIELDS; each is an index into ``pool``. page/data.js unpacks it.
"""

import json

from host.report import words
from host.report.cells import counts, rerun
from host.report.tables import texts
from host.select import paths
from host.select.cells import AXES

FIELDS = (
    *AXES,
    *("verdict", "note", "passes", "outcome", "stage", "reason", "lost", "findings", "warnings", "error", "files"),
    *("seconds", "total_seconds", "memory", "expectation", "notes", "facets", "trajectory", "signatures"),
    *("doors", "trusted"),
    "reproduction",
)


class Pool:
    """Distinct JSON values, each with its number."""

    def __init__(self):
        self.values = []
        self._numbers = {}

    def add(self, value):
        """The number of this value."""
        key = json.dumps(value, sort_keys=True, ensure_ascii=False)
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(value)
        return self._numbers[key]

    def add_all(self, values):
        """The number of the list of these values' numbers."""
        return self.add([self.add(v) for v in values])


def data(cells, excluded, entries, gate):
    """Everything that the page's scripts read, as one dict of plain JSON."""
    pool = Pool()
    rows = [row(cell, pool) for cell in cells]
    return {
        "fields": FIELDS,
        "axes": AXES,
        "cells": rows,
        "pool": pool.values,
        "titles": titles(cells),
        "excluded": reasons(excluded),
        "known": known(cells, entries),
        "verdicts": [v._asdict() for v in map(words.verdict, counts(cells))],
        "notes": [n._asdict() for n in words.NOTES],
        "statuses": {name: {"symbol": symbol, "meaning": text} for name, (symbol, text) in words.STATUSES.items()},
        "facets": words.FACETS,
        "lost": words.LOST,
        "gone": words.GONE,
        "kept": words.KEPT,
        "rerun": {"command": rerun(cells[0] if cells else {}), "target": paths.verdict(["{cell}"])},
    }


def row(cell, pool):
    """The cell's numbers in the order of FIELDS."""
    plain = {**cell["cell"], **cell, "memory": cell.get("peak_memory_mb")}
    nested = {
        "warnings": pool.add_all(cell.get("warnings") or []),
        "files": pool.add_all(cell.get("files") or []),
        "error": pool.add(error(cell.get("error"), pool)),
        "facets": pool.add_all([facet(name, facts) for name, facts in (cell.get("facets") or {}).items()]),
        "trajectory": pool.add(trajectory(cell.get("trajectory"), pool)),
        "signatures": pool.add(cell.get("all_signatures")),
        "doors": pool.add_all(cell.get("doors") or []),
    }
    return [nested[field] if field in nested else pool.add(plain.get(field)) for field in FIELDS]


def facet(name, facts):
    """A facet with its name, without empty values."""
    facts = {**facts, "detail": texts(facts.get("detail")), "announced": texts(facts.get("announced"))}
    return {"facet": name, **{k: v for k, v in facts.items() if v not in (None, [], "")}}


def error(facts, pool):
    """The error, its traceback as lines: whole tracebacks often differ only in the path of the artifact."""
    if not facts:
        return None
    lines = (facts.get("traceback") or "").rstrip().split("\n")
    return {**facts, "traceback": [pool.add(line) for line in lines]}


def trajectory(facts, pool):
    """The trajectory; many cells share one reference, and often the observed one is the same."""
    if not facts:
        return None
    return {
        "names": facts["names"],
        **{run: pool.add([[short(v) for v in batch] for batch in facts[run]]) for run in ("reference", "observed")},
    }


def short(value):
    """A number with nine digits, enough for a float32; None for infinities and NaN (text by now), not drawn."""
    return float(f"{value:.9g}") if isinstance(value, (int, float)) else None


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
    used = {json.dumps(e, sort_keys=True): {"entry": e, "cells": 0} for e in entries}
    for cell in cells:
        if cell["expectation"]:
            key = json.dumps(cell["expectation"], sort_keys=True)
            used.setdefault(key, {"entry": cell["expectation"], "cells": 0})["cells"] += 1
    return list(used.values())


def as_script(value):
    """JSON that is safe inside a <script> element: no text in it can end the element or open a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
