"""The page of the published results, made from what the repository holds: all but the evidence of single cells."""

import datetime
import json

import polars as pl

from host.environments import declared
from host.report import cells as cells_
from host.report import gate, html
from host.report.published import FOLDER
from host.schemas import load_yaml
from host.select import configuration, matrix, runtimes
from host.select.cells import AXES

from .places import ROOT


def judged(findings):
    """The cells of matrix.parquet, with what the report adds to them."""
    of = {}
    for finding in findings:
        for path in finding["cells"]:
            of.setdefault(path, []).append(finding["id"])
    cells = {}
    for row in pl.read_parquet(ROOT / FOLDER / "matrix.parquet").to_dicts():
        ids = {axis: row[axis] for axis in AXES}
        facts = {key: row[key] for key in ("outcome", "verdict", "note")}
        empty = {
            "stage": None,
            "reason": "",
            "titles": {},
            "records": {},
            "expectation": None,
            "facets": {},
            "seconds": {},
        }
        cell = cells.setdefault(tuple(ids.values()), {"cell": ids, **facts, **empty})
        if row["facet"]:
            cell["facets"][row["facet"]] = {k: row[k] for k in ("status", "promised", "relevant", "link", "max_ulp")}
    complete = [cells_.complete(cell) for cell in cells.values()]
    return [{**cell, "findings": of.get(cell["path"], [])} for cell in complete]


def left_out(known):
    """The combinations that config/published.yaml does not run, with their reasons."""
    file = str(ROOT / "config/published.yaml")
    return matrix.expand(configuration.resolve(load_yaml(file), known, file), known)[1]


def page(folder):
    """Write the page into a folder; returns its path."""
    known = runtimes.known(declared.load_all([str(ROOT / "envs")]))
    names = ("compatibility", "findings")
    answers, found = (json.loads((ROOT / FOLDER / f"{name}.json").read_text("utf-8")) for name in names)
    cells = judged(found["findings"])
    run = cells_.Run(cells, left_out(known), [], gate.decide(cells), answers, found["findings"])
    file = folder / "index.html"
    when = datetime.datetime.fromisoformat(answers["made"]["date"]).astimezone()
    file.write_text(html.render(run, {}, when), encoding="utf-8")
    return file
