"""The findings of judged cells."""

from collections import Counter

from host.findings import around, ties, versions, wording
from host.select.cells import AXES

WAYS = 3  # ways around that are listed
_ENDS = ("producer", "consumer")
REPORTS = ("/issues/", "/pull/")  # what a link to a tracker has in it


SCHEMA = 1  # of findings.json; config/schemas/findings.schema.yaml says when it is raised


def document(cells, findings, day):
    """The content of findings.json; ``day`` is a datetime.date."""
    bad = sum(bool(cell["findings"]) for cell in cells)
    return {"schema": SCHEMA, "date": day.isoformat(), "cells": len(cells), "bad": bad, "findings": findings}


def grouped(cells):
    """[(tie, cells)] of judged cells: new ones first, then those with the most cells. ``tie`` has an id and a name."""
    groups, facts = {}, {}
    for cell in cells:
        for tie in ties.ties(cell) if cell["findings"] else ():
            groups.setdefault(tie["id"], []).append(cell)
            facts.setdefault(tie["id"], tie)
    order = sorted(groups, key=lambda id_: (note(groups[id_]) != "new", -len(groups[id_]), id_))
    return [(facts[id_], groups[id_]) for id_ in order]


def note(cells):
    """``new`` if no expectation explains one of a finding's cells, else ``known``."""
    return "new" if any(cell["note"] == "new" for cell in cells) else "known"


def find(cells):
    """The findings of judged cells, worst first, as config/schemas/findings.schema.yaml describes them."""
    run = _Run(cells)
    return [run.finding(tie, some) for tie, some in grouped(cells)]


class _Run:
    """All cells of a run, in the order in which a finding asks for them."""

    def __init__(self, cells):
        self.paths = versions.timeline(cells)
        self.asked = {}
        for cell in cells:
            self.asked.setdefault(around.question(cell), []).append(cell)

    def finding(self, tie, cells):
        """The finding of these cells; ``tie`` has its id, its name and what is declared of its report."""
        smallest = min(cells, key=_size)
        return {
            "id": tie["id"],
            "name": tie["name"],
            "lost": wording.lost([cell for cell in cells if len(cell["findings"]) == 1] or cells),
            "why": list(dict.fromkeys(" ".join(entry["reason"].split()) for entry in _about(tie, cells))),
            "note": note(cells),
            "verdicts": dict(Counter(cell["verdict"] for cell in cells)),
            **{f"{axis}s": sorted({cell["cell"][axis] for cell in cells}) for axis in AXES if axis not in _ENDS},
            "runtimes": sorted({" → ".join(dict.fromkeys(cell["cell"][end] for end in _ENDS)) for cell in cells}),
            "versions": versions.versions(cells, self.paths),
            "upstream": upstream(tie, cells),
            "around": self._around(cells),
            "reproduction": {"cell": smallest["path"], "command": f"make reproduce CELL={smallest['path']}"},
            "cells": [cell["path"] for cell in cells],
        }

    def _around(self, cells):
        """The ways around of most cells: [{"format", "loader", "steps", "lost", "works", "of", "cell"}]."""
        routes = {}
        for cell in cells:
            for place, way in enumerate(around.around(cell, self.asked[around.question(cell)])):
                routes.setdefault((way["cell"]["format"], way["cell"]["loader"]), []).append((place, way))
        best = sorted(routes.items(), key=lambda item: (-len(item[1]), sum(place for place, _ in item[1]), item[0]))
        return [
            {
                "format": format_,
                "loader": loader,
                "steps": around.steps(ways[0][1]["cell"]),
                "lost": sorted({facet for _, way in ways for facet in way["gone"]}),
                "works": len(ways),
                "of": len(cells),
                "cell": ways[0][1]["path"],
            }
            for (format_, loader), ways in best[:WAYS]
        ]


def _size(cell):
    """Sort key: the newest version, no modifier, few bytes on disk; then by name, so that no run differs."""
    axes = cell["cell"]
    newest = [tuple(-part for part in version.release) for version in versions.of(cell)]
    size = sum(file.get("size") or 0 for file in cell.get("files") or ())
    return axes["producer"] != axes["consumer"], newest, axes["modifier"] != "none", size, cell["path"]


def _about(tie, cells):
    """The expectations that are about this finding: it is the last of those that they name."""
    entries = [cell["expectation"] for cell in cells if cell["expectation"]]
    return [e for e in entries if "findings" not in e or e["findings"][-1]["id"] == tie["id"]]


def upstream(tie, cells):
    """What upstream says: {"state", "links", "searched", "day"}.

    ``reported``: the links are reports of it. ``intended``: the links say so. ``unreported``: the links are
    its code, and nothing was found with the words ``searched`` on the ``day``. ``unknown``: nobody has looked yet.
    """
    if "intended" in tie:
        return {"state": "intended", "links": [tie["intended"]]}
    links = list(dict.fromkeys(entry["link"] for entry in _about(tie, cells)))
    if "unreported" in tie:
        return {"state": "unreported", "links": links, **tie["unreported"]}
    links = tie.get("reported") or [link for link in links if any(part in link for part in REPORTS)]
    return {"state": "reported" if links else "unknown", "links": links}
