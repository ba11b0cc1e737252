"""Reproductions: what they claim, how they are cut from the members' code, and what running them shows."""

import ast
import json
import re
import subprocess
import sys

import pytest
from helpers.places import PYTHON, ROOT, needs_tensorflow
from helpers.reproductions import ENVIRONMENTS, reproduction, verdict

from host.judge import facets
from host.report import cells as cells_
from host.reproduce import ask, compose
from host.reproduce import run as runs
from host.reproduce.claim import COMPARED, NOT_SHOWN, claim_of, places
from host.select import matrix, runtimes, sources
from host.select.cells import AXES
from roundtrip import members

CELL = "tf2.21-keras3/dense_regression/none/{format}/tf2.21-keras3/load_model/resume"
#: the members that no reproduction repeats: they say so
WITHOUT = {"rescue", "build_rescue", "flask_server", "serve_http", "transfer_twin", "tflms"}
#: how the reasons of other cells begin
SAID = ("graph_rewrite:", "http_answers:", "signatures:")
LIMITS = {"seconds": 300, "memory": 6000}


def test_every_facet_is_shown_or_says_why_not():
    assert set(COMPARED) | set(NOT_SHOWN) == set(facets.every())
    assert not set(COMPARED) & set(NOT_SHOWN)


def test_claim_is_the_lost_facets_without_those_that_follow():
    claim = claim_of(verdict(CELL.format(format="h5"), lost=["resume_trajectory", "optimizer_state", "graph_rewrite"]))
    assert (claim.facets, claim.exit_code, claim.outcome) == (("optimizer_state",), 1, None)
    alone = claim_of(verdict(CELL.format(format="h5"), lost=["resume_trajectory"], kept=["weights"]))
    assert alone.facets == ("resume_trajectory",)


def test_claim_of_a_kept_cell_is_what_came_back():
    claim = claim_of(verdict(CELL.format(format="h5"), lost=[], kept=["weights", "signatures"]))
    assert (claim.facets, claim.exit_code) == (("weights",), 0)


def test_promised_losses_come_before_others():
    judged = verdict(CELL.format(format="h5"), lost=["weights", "rng_state"])
    judged["facets"]["rng_state"]["promised"] = False
    assert claim_of(judged).facets == ("weights",)


def test_where_nothing_can_be_shown_the_claim_says_why():
    text, claim = reproduction(verdict(CELL.format(format="h5"), lost=["graph_rewrite"]))
    assert NOT_SHOWN["graph_rewrite"] in claim["reason"]
    assert "exit_code" not in claim
    assert claim["reason"] in text
    record = runs.run("absent.py", ["python"], claim, LIMITS)
    assert (record["result"], record["reason"]) == ("none", claim["reason"])


def test_a_description_holds_only_what_differs():
    judged = verdict(CELL.format(format="h5"), lost=["architecture"])
    judged["facets"]["architecture"]["detail"] = [
        "config.layers[1].config.trainable: True, was False",
        "layers[4].trainable: True, was False",
    ]
    assert places(judged, "architecture") == {"layers", "trainable"}
    text, _ = reproduction(judged)
    assert '"trainable"' in text
    assert "get_config" not in text.split("def architecture")[1].split("\ndef ")[0]


def test_the_error_is_caught_where_it_was_raised_and_no_other():
    error = {"type": "ValueError", "message": "no"}
    at_load = verdict(CELL.format(format="h5"), lost=[], outcome="refused", stage="load", error=error)
    text, claim = reproduction(at_load)
    assert re.search(r"try:\n\s+load\(folder\)\n\s+except ValueError as error:", text)
    assert (claim["exit_code"], claim["outcome"]) == (1, "refused")
    at_save, _ = reproduction({**at_load, "stage": "save"})
    assert re.search(r"try:\n\s+save\(model, folder\)\n\s+except ValueError", at_save)
    foreign, _ = reproduction({**at_load, "error": {"type": "InternalError", "message": ""}})
    assert 'if type(error).__name__ != "InternalError":\n            raise' in foreign


def test_what_ends_a_process_ends_in_the_parent():
    hangs, _ = reproduction(verdict(CELL.format(format="h5"), lost=[], outcome="timeout", stage="load"))
    assert "timeout=60" in hangs and "subprocess.TimeoutExpired" in hangs
    dies, _ = reproduction(verdict(CELL.format(format="h5"), lost=[], outcome="crashed", stage="load"))
    assert "code < 0" in dies


def test_across_environments_the_second_interpreter_is_an_argument():
    cell = "tf2.15-keras2/dense_regression/none/h5/tf2.21-keras3/load_model/inference"
    text, _ = reproduction(verdict(cell, lost=["predictions"]))
    assert re.search(r"if LOADING:\n    import keras\nelse:\n    from tensorflow import keras", text)
    assert "sys.argv[1] if len(sys.argv) > 1" in text
    assert "python reproduce.py PYTHON_THAT_LOADS" in text


def test_what_differs_between_two_versions_depends_on_the_process():
    cell = "tf2.21-keras3/mlp_functional/none/keras_archive/tf2.16-keras3/load_model/resume"
    text, claim = reproduction(verdict(cell, lost=["weights"]))
    assert claim["exit_code"] == 1
    assert re.search(r"^VERSION = \(3, [\d, ]+\) if LOADING else \(3, [\d, ]+\)", text, re.M)
    assert "VERSION[:2] == (2, 12)" in text.split("def save(")[1]


def test_two_versions_spell_descriptions_and_train_in_their_own_ways():
    cell = "tf2.15-keras2/mlp_functional/none/h5/tf2.21-keras2/load_model/resume"
    text, _ = reproduction(verdict(cell, lost=[], kept=["architecture", "weights", "resume_trajectory"]))
    assert '"weights"' in text and '"architecture"' not in text and "resume_trajectory" not in text
    text, _ = reproduction(verdict(cell, lost=["architecture"]))
    assert '"architecture"' in text  # of a lost one only the entries that differ are compared
    alone = reproduction(verdict(cell, lost=["resume_trajectory"]))[1]
    assert "not comparable" in alone["reason"]


def some_cells():
    """Cells in which each member of each kind occurs, in each api of the newest environment that has it."""
    known = {name: r for name, r in runtimes.known(ENVIRONMENTS).items() if r.environment == "tf2.21"}
    plain = {"modifiers": ["none"], "uses": ["resume", "inference", "serve", "trace"]}
    every = {kind: members.names(kind) for kind in ("models", "modifiers", "formats", "loaders", "uses")}
    every["loaders"] = [name for name in every["loaders"] if hasattr(members.member("loaders", name), "load")]
    whole = {"formats": ["keras_archive", "h5", "saver_v2", "weights_checkpoint"]}
    routes = {"loaders": ["load_model", "build_restore", "build_load_weights"], "uses": ["resume"]}
    small = ["mlp_functional", "sum_threshold"]
    blocks = [
        {**every, **plain, **whole, **routes},
        {**every, **plain, "models": small},
        {**every, **whole, **routes, "models": ["lms_convnet"]},
        {**every, **plain, "models": ["lms_convnet"], "modifiers": ["lms"], "formats": ["h5", "weights_h5_legacy"]},
        {**every, **whole, "models": ["digit_mlp"], "modifiers": ["none"], "loaders": ["load_model"]},
        {**every, "models": [*small, "string_lookup"], "formats": ["frozen_graph", "saver_subset_dict", "export"],
         "modifiers": ["none"], "uses": ["inference", "serve", "serve_http", "transfer_twin"]},
    ]  # fmt: skip
    resolved = [{**block, "producers": list(known), "consumers": {name: [name] for name in known}} for block in blocks]
    seen = set()
    for cell in matrix.expand(resolved, known)[0]:
        api = cell.producer.rpartition("-")[2]
        new = {(api, *item) for item in zip(cell._fields, cell, strict=True)} - seen
        if new:
            seen |= new
            yield "/".join(cell)


def test_every_member_is_cut_into_plain_python(monkeypatch, tmp_path):
    monkeypatch.setattr(compose, "formatted", lambda text: text)
    cells, occurred = list(some_cells()), set()
    for number, cell in enumerate(cells):
        text, claim = reproduction(verdict(cell))
        occurred |= set(cell.split("/"))
        if "reason" in claim:
            assert WITHOUT & set(cell.split("/")) or claim["reason"].startswith(SAID), (cell, claim)
            continue
        tree = ast.parse(text, feature_version=(3, 7))
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert not names & {"ctx", "rt", "roundtrip", "host"}, cell
        assert not re.search(r"^\s*(from|import) (roundtrip|host)", text, re.M), cell
        (tmp_path / f"{number}.py").write_text(f"# {cell}\n{text}")
    assert set(members.names("models")) <= occurred
    assert {"resume", "inference", "serve"} <= occurred
    ruff = [ROOT / ".venv/bin/ruff", "check", "--isolated", "--select", "F821,F823,F811", tmp_path]
    done = subprocess.run(ruff, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("code", "outcome", "expected", "result"),
    [
        (1, None, 1, "confirmed"),
        (0, None, 1, "not confirmed"),
        (0, None, 0, "confirmed"),
        (1, None, 0, "not confirmed"),
        (2, None, 1, "not run"),
        (-9, None, 1, "not run"),
        (124, None, 1, "not run"),
        (124, "timeout", 1, "confirmed"),
        (125, "out_of_memory", 1, "confirmed"),
        (125, "timeout", 1, "not run"),
    ],
)
def test_result_of_an_exit_code(code, outcome, expected, result):
    assert runs.result_of(code, {"exit_code": expected, "outcome": outcome}) == result


def test_a_run_is_limited_and_its_output_kept(tmp_path):
    script = tmp_path / "reproduce.py"
    claim = {"exit_code": 1, "outcome": None}
    script.write_text("import sys\nprint('weights: lost')\nprint('noise', file=sys.stderr)\nsys.exit(1)\n")
    record = runs.run(script, [sys.executable], claim, LIMITS)
    assert (record["result"], record["output"]) == ("confirmed", "weights: lost\n")
    script.write_text("raise SystemError('here')\n")  # an uncaught exception also ends with 1: the file catches it
    assert "SystemError" not in runs.run(script, [sys.executable], claim, LIMITS)["output"]
    script.write_text("import time\ntime.sleep(60)\n")
    late = runs.run(script, [sys.executable], claim, {"seconds": 1, "memory": 0})
    assert (late["result"], late["observed"]) == ("not run", 124)


def test_the_report_shows_a_reproduction_of_this_verdict_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = CELL.format(format="h5")
    file = tmp_path / "results/reproduced" / path / "result.json"
    file.parent.mkdir(parents=True)
    record = {"result": "confirmed", "output": "weights: lost", "records": {"observed": "abc"}}
    file.write_text(json.dumps(record))
    shown = cells_.reproduction({"path": path, "records": {"observed": "abc"}})
    assert (shown["result"], shown["output"]) == ("confirmed", "weights: lost")
    assert shown["file"].endswith(f"{path}/reproduce.py")
    assert cells_.reproduction({"path": path, "records": {"observed": "judged again"}}) is None
    assert cells_.reproduction({"path": CELL.format(format="json"), "records": None}) is None


def test_an_edit_of_what_is_cut_writes_the_file_again():
    axes = dict(zip(AXES, CELL.format(format="h5").split("/"), strict=True))
    files = sources.closure(*sources.opened_by_name("host/reproduce/__main__.py", axes))
    assert {"roundtrip/pieces/compare.py", "roundtrip/describe.py", "host/reproduce/reproduce.py.j2"} <= files
    assert {"roundtrip/models/dense_regression.py", "roundtrip/loaders/load_model.py"} <= files


def test_red_cells_are_chosen_from_the_last_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"h5": "silent_loss", "keras_archive": "kept", "json": "broken", "config": "degraded"}
    for name, judged in names.items():
        file = tmp_path / "results/verified" / CELL.format(format=name) / "verdict.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"verdict": judged}))
    run = {"cells": [CELL.format(format=name) for name in [*names, "yaml"]]}
    assert ask.chosen("red", run) == [CELL.format(format=name) for name in ("h5", "json")]
    assert ask.chosen(CELL.format(format="yaml"), run) == [CELL.format(format="yaml")]
    with pytest.raises(SystemExit, match="CELL must be"):
        ask.chosen("h5/load_model", run)
    with pytest.raises(SystemExit, match="nothing to reproduce"):
        ask.chosen("red", {"cells": []})


@needs_tensorflow
@pytest.mark.parametrize(
    ("format_", "more", "expected"),
    [
        # Keras 3 reads no optimizer variables from .h5: https://github.com/keras-team/keras/issues/18508
        ("h5", {"lost": ["optimizer_state"]}, "confirmed"),
        ("keras_archive", {"lost": [], "kept": ["weights", "optimizer_state", "resume_trajectory"]}, "confirmed"),
        # a loss is claimed that is not there
        ("keras_archive", {"lost": ["optimizer_state"]}, "not confirmed"),
        # an error is claimed that is not raised
        ("keras_archive", {"outcome": "refused", "stage": "load", "error": {"type": "ValueError"}}, "not confirmed"),
    ],
)
def test_running_shows_what_is_there(tmp_path, format_, more, expected):
    text, claim = reproduction(verdict(CELL.format(format=format_), **{"lost": [], **more}))
    script = tmp_path / "reproduce.py"
    script.write_text(text)
    record = runs.run(script, [PYTHON], claim, LIMITS)
    assert record["result"] == expected, record["output"]


@needs_tensorflow
@pytest.mark.parametrize(
    "cell",
    [
        "tf2.21-tf1/sum_threshold/none/saver_v2/tf2.21-tf1/import_meta_graph/resume",
        "tf2.21-keras2_graph/mlp_functional/none/h5/tf2.21-keras2_graph/load_model/resume",
        "tf2.21-keras2/mlp_functional/none/tf_checkpoint/tf2.21-keras2/checkpoint_restore/resume",
    ],
)  # fmt: skip
def test_every_engine_confirms_a_kept_cell(tmp_path, cell):
    kept = ["weights", "optimizer_state", "resume_trajectory"]
    text, claim = reproduction(verdict(cell, lost=[], kept=kept))
    script = tmp_path / "reproduce.py"
    script.write_text(text)
    record = runs.run(script, [PYTHON], claim, LIMITS)
    assert record["result"] == "confirmed", record["output"]
    assert all(f"{facet}: as expected" in record["output"] for facet in kept)
