"""The table of rewrites: counts by route and runtime, uses whose results differ, and changed training."""

import json

from host.questions import rewrites
from host.select.cells import Cell

ROUTE = {"format": "whole model, .h5", "loader": "load_model, then rewrite"}


def verdict(use, effect, executed, consumer="tf2.21-keras2_graph", warnings=0):
    cell = Cell(consumer, "net", "lms", "h5", consumer, "load_model_then_rewrite", use)._asdict()
    facet = {"rewrite": {"effect": effect, "executed": executed, "expected": 37, "warnings": warnings}}
    return {"cell": cell, "titles": ROUTE, "facets": {"graph_rewrite": facet}}


def test_uses_that_agree_are_one_entry_and_others_are_named():
    verdicts = [verdict("resume", "partial", 33, warnings=1), verdict("inference", "partial", 33, warnings=1)]
    assert "| partial 33/37, warned |" in rewrites.markdown(verdicts, {})
    verdicts.append(verdict("evaluate", "ineffective", 0))
    text = rewrites.markdown(verdicts, {})
    assert "partial 33/37, warned (inference, resume); **ineffective** 0/37 (evaluate)" in text


def test_each_runtime_is_a_column_and_what_was_not_compared_is_left_out():
    verdicts = [verdict("resume", "ineffective", 0, "tf1.15-keras2_graph"), verdict("resume", "effective", 37)]
    verdicts.append({**verdict("resume", "effective", 37, "tf2.4-keras2_graph"), "facets": {}})
    text = rewrites.markdown(verdicts, {})
    assert "| model | modifier | route | tf1.15-keras2_graph | tf2.21-keras2_graph |" in text
    assert "| **ineffective** 0/37 | effective 37/37 |" in text and "tf2.4" not in text


def test_changed_training_is_told():
    plain = dict.fromkeys(rewrites.TRAINING, [{"name": "adam/iteration", "sha256": "1"}])
    renamed = dict.fromkeys(rewrites.TRAINING, [{"name": "adam_1/iteration", "sha256": "1"}])
    other = {"final_state": [{"name": "adam/iteration", "sha256": "2"}], "evaluation": {"loss": 2.0}}
    assert rewrites.unchanged(renamed, plain) == "identical"
    named = {**plain, "evaluation": {"acc": 0.5, "loss": 2.0}}
    assert rewrites.unchanged(named, {**plain, "evaluation": {"accuracy": 0.5, "loss": 2.0}}) == "identical"
    assert rewrites.unchanged({**plain, **other}, plain) == "**different**: evaluation, final_state"


def test_runtimes_are_in_the_order_of_their_versions():
    found = ["tf2.10-keras2_graph", "tf2.4-keras2_graph", "tf1.15-keras2_graph", "keras-3.3.3"]
    assert sorted(found, key=rewrites.by_version) == [found[3], found[2], found[1], found[0]]


def test_only_the_verdicts_of_rewritten_cells_are_read(tmp_path):
    """The rule waits only for cells with a rewrite; the verdicts of other cells may not exist yet."""
    listed = tmp_path / "cells.json"
    cells = [Cell("tf2.21-keras3", "m", modifier, "h5", "tf2.21-keras3", "load_model", "resume")
             for modifier in ("none", "int8", "lms")]  # fmt: skip
    assert [rewrites.is_rewritten(cell) for cell in cells] == [False, False, True]
    listed.write_text(json.dumps({"cells": ["/".join(cell) for cell in cells[:2]]}))
    out = tmp_path / "rewrites.md"
    assert rewrites.main(["--cells", str(listed), "--results", str(tmp_path), "--out", str(out)]) == 0
    assert "| model | modifier | route |" in out.read_text()
