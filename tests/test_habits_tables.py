"""docs/tables.md: its examples run as they stand there, and each column of the tables has its row."""

import contextlib
import io
import re

import pytest
from helpers import verdicts as fake
from helpers.places import ROOT

from host.report import __main__ as report
from host.report import columns, kept, tables

PAGE = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a report of made-up verdicts, kept as `config`; 120 cells, some of each verdict."""
    folder = tmp_path_factory.mktemp("tables")
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        fake.write(folder, fake.verdicts(120))
        more = ["--environments", str(ROOT / "envs"), "--out", "results/report"]
        assert report.main(["--cells", "cells.json", "--expectations", "expectations.json", *more]) == 0
        files = ["summary.csv", "matrix.parquet", "gate.json"]
        assert kept.main(["--report", "results/report", "--name", "config", "--file", *files]) == 0
    return folder


def run(block, folder):
    """(the names that the block leaves, what it prints)."""
    names, printed = {}, io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(block, "docs/tables.md", "exec"), names)
        if "duckdb" in names:  # a relation is lazy: its rows are read while its files can be found
            names = {k: v.fetchall() if hasattr(v, "fetchall") else v for k, v in names.items() if k != "duckdb"}
    return names, printed.getvalue()


def test_there_are_examples_of_both():
    assert sum("import polars" in block for block in BLOCKS) == 3
    assert sum("import duckdb" in block for block in BLOCKS) == 3


@pytest.mark.parametrize("block", BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_an_example_runs(folder, block):
    run(block, folder)


def test_polars_and_duckdb_give_what_the_tables_hold(folder):
    verdicts, shares, new, resumed, lost, changed = (run(block, folder) for block in BLOCKS)
    assert verdicts[0]["verdicts"]["len"].sum() == 120
    assert shares[0]["shares"]["kept"].is_between(0, 1).all() and shares[0]["shares"].height > 20
    assert new[1].count("snakemake --cores 1") == new[0]["cells"].filter(note="new").height > 0
    assert resumed[0]["resumed"] and all(row[3] <= row[4] for row in resumed[0]["resumed"])
    assert lost[0]["lost"] and all(row[4].startswith("https://") for row in lost[0]["lost"])
    assert changed[0]["changed"] == [], "a run does not differ from itself"


@pytest.mark.parametrize(("schema", "meanings"), [(tables.SUMMARY, columns.SUMMARY), (tables.MATRIX, columns.MATRIX)])
def test_each_column_has_a_meaning_and_no_other_does(schema, meanings):
    assert list(schema) == list(meanings)
