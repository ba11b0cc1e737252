"""The page of the published results, made from what the repository holds: all but the evidence of single cells."""

import datetime
import json

import polars as pl

from host.environments import declared
from host.report import cells as cells_
from host.report import expectations, gate, html
from host.report.published import FOLDER
from host.schemas import load_yaml
from host.select import configuration, matrix, runtimes
from host.select.cells import AXES

from .places import ROOT


def judged(known):
    """The cells of matrix.parquet as the report judges them."""
    table = pl.read_parquet(ROOT / FOLDER / "matrix.parquet")
    verdicts = {}
    for row in table.to_dicts():
        ids = {axis: row[axis] for axis in AXES}
        facts = {"outcome": row["outcome"], "verdict": row["verdict"], "stage": None, "reason": "", "titles": {}}
        cell = verdicts.setdefault(tuple(ids.values()), {"cell": ids, **facts, "facets": {}, "records": {}})
        if row["facet"]:
            cell["facets"][row["facet"]] = {k: row[k] for k in ("status", "promised", "relevant", "link", "max_ulp")}
    entries = expectations.load(str(ROOT / "config/expectations.yaml"))
    return cells_.judge(list(verdicts.values()), entries, known), entries


def left_out(known):
    """The combinations that config/published.yaml does not run, with their reasons."""
    file = str(ROOT / "config/published.yaml")
    return matrix.expand(configuration.resolve(load_yaml(file), known, file), known)[1]


def page(folder):
    """Write the page into a folder; returns its path."""
    known = runtimes.known(declared.load_all([str(ROOT / "envs")]))
    cells, entries = judged(known)
    answers, found = (
        json.loads((ROOT / FOLDER / f"{n}.json").read_text("utf-8")) for n in ("compatibility", "findings")
    )
    of = {}
    for finding in found["findings"]:
        for path in finding["cells"]:
            of.setdefault(path, []).append(finding["id"])
    cells = [{**cell, "findings": of.get(cell["path"], [])} for cell in cells]
    run = cells_.Run(cells, left_out(known), entries, gate.decide(cells), answers, found["findings"])
    file = folder / "index.html"
    when = datetime.datetime.fromisoformat(answers["made"]["date"]).astimezone()
    file.write_text(html.render(run, {}, when), encoding="utf-8")
    return file
