"""Reproductions of what the user brings: their model with its samples, their artifact, and what running them shows."""

import ast
import json
import subprocess
import sys

import numpy as np
import pytest
from helpers import user_models
from helpers.places import PYTHON, ROOT, needs_tensorflow
from helpers.project import SNAKEMAKE, copy_with_environment, planned_jobs, rows
from helpers.reproductions import reproduction, verdict
from test_brought_judge import ABOUT, KERNEL, Route
from test_sandbox import needs_sandbox

from host.reproduce import brought_files, user_files
from host.reproduce import run as runs
from host.select import sources
from host.select.user_code import closure
from roundtrip.pieces import brought
from roundtrip.record import Record, write_json

CELL = "tf2.21-{api}/churn/none/h5/tf2.21-{api}/load_model_custom_objects/resume"
ROUTE = "brought/mine/none/h5/tf2.21-keras3/load_model/inference"
LIMITS = {"seconds": 60, "memory": 6000}


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("import keras  # here", "import tf_keras as keras  # here"),
        ("import os, keras", "import os; import tf_keras as keras"),
        ("from keras import layers, ops", "from tf_keras import layers, ops"),
        ("    from keras.a import (b,\n        c)\n    x = 1", "    from tf_keras.a import b, c\n\n    x = 1"),
        ("import numpy as np", "import numpy as np"),
        ("word = 'ü'; import keras", "word = 'ü'; import tf_keras as keras"),
    ],
)  # fmt: skip
def test_a_copy_imports_the_keras_that_was_judged(line, given):
    before = f"def f():\n{line}\n" if line.startswith(" ") else f"{line}\n"
    after = f"def f():\n{given}\n" if line.startswith(" ") else f"{given}\n"
    assert user_files.for_keras(before, "tf_keras") == after
    assert user_files.for_keras("import keras\nfrom keras import layers\n", "keras").startswith("import keras\n")


def described(folder, data="churn/churn.npz"):
    """A subject's file of the model churn, of which it also lists a file that only the data need."""
    build = [str(folder / "churn/churn.py"), "build"]
    files = [*map(str, closure(build[0])), str(folder / data)]
    return {"id": "churn", "build": build, "data": [str(folder / data), None], "files": dict.fromkeys(files, "")}


def test_files_keep_their_places_and_what_only_the_data_need_is_left_out(tmp_path):
    user = user_models.copy(tmp_path / "user")
    (user / "words.txt").write_text("yes\n")
    listed = described(user)
    listed["files"][str(user / "words.txt")] = ""
    found = user_files.copy(listed, ["keras", "tf_keras"], tmp_path / "files")
    assert found == {name: (f"user_code_{name}", f"user_code_{name}/churn", "churn") for name in ("keras", "tf_keras")}
    copied = tmp_path / "files/user_code_keras"
    assert {str(p.relative_to(copied)) for p in copied.rglob("*") if p.is_file()} == {
        "churn/churn.py",
        "churn/layers_of_mine.py",
        "words.txt",
    }
    assert "import tf_keras as keras" in (tmp_path / "files/user_code_tf_keras/churn/layers_of_mine.py").read_text()


def paths_of_user(folder, **subject):
    """The paths that a reproduction of the model churn needs, with a reference as a step leaves it."""
    folder.mkdir()
    (folder / "files").mkdir()
    write_json(str(folder / "subject.json"), described(user_models.copy(folder / "user")))
    record = Record("reference", None)
    names = [record.array(np.array(["a", "b"])), record.array(np.ones((2, 3), "float32"))]
    part = {"structure": {"dict": {"text": 0, "x": {"list": [1]}}}, "leaves": names}
    facts = {"written_for": ["keras"], "loss": None, "lacks": {}, "indeterminate": None, "traits": ["functional"]}
    plan = {"samples": 2, "batch_size": 1, "before": 3, "after": 2, "seconds_per_sample": 0.1}
    facts.update(plan=plan, data=[[part, None], [part, None]], source="made up", config_gaps=[], **subject)
    record.facts.update(outcome="done", diagnostics=[], seconds={}, subject=facts)
    record.write(str(folder), "reference")
    return {name: str(folder / f"{name}.json") for name in ("subject", "reference")} | {"folder": folder / "files"}


def checked(text, folder):
    """The tree of a file in which ruff finds no name that is not defined."""
    script = folder / "checked.py"
    script.write_text(text)
    ruff = [ROOT / ".venv/bin/ruff", "check", "--isolated", "--select", "F821,F823,F811", script]
    done = subprocess.run(ruff, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    names = {n.id for n in ast.walk(ast.parse(text, feature_version=(3, 7))) if isinstance(n, ast.Name)}
    assert not names & {"ctx", "rt", "roundtrip", "host"}


@pytest.mark.parametrize("loader", ["load_model", "load_model_custom_objects", "load_model_no_compile"])
def test_a_users_model_is_built_by_their_function_from_the_samples_of_the_cell(tmp_path, loader):
    cell = CELL.format(api="keras3").replace("load_model_custom_objects", loader)
    beside = paths_of_user(tmp_path / "made")
    text, claim = reproduction(verdict(cell, lost=["optimizer_state"]), beside)
    checked(text, tmp_path)
    assert claim["exit_code"] == 1
    assert "from churn import build as user_build" in text and "EPOCHS, MORE_EPOCHS, BATCH_SIZE = 3, 2, 1" in text
    assert "def compile_model" not in text or loader == "load_model_no_compile"  # their code compiles it
    assert ("def custom_objects" in text) == (loader != "load_model")
    with np.load(beside["folder"] / "data.npz") as kept:
        assert set(kept.files) == {"train_x_0", "train_x_1", "test_x_0", "test_x_1"}
    assert '{"text": tf.constant(DATA["train_x_0"]), "x": [DATA["train_x_1"]]}, None' in " ".join(text.split())
    assert not [p for p in beside["folder"].rglob("*.npz") if p.name == "churn.npz"]


def test_what_a_users_model_cannot_do_is_not_compared(tmp_path):
    judged = verdict(CELL.format(api="keras3"), lost=["weights", "predictions"])
    text, _ = reproduction(judged, paths_of_user(tmp_path / "made", lacks={"no_predictions": "no call"}, loss="mse"))
    checked(text, tmp_path)
    assert '"weights"' in text and '"predictions"' not in text and "compile_model(model)" in text
    alone = verdict(CELL.format(api="keras3"), lost=["predictions"])
    beside = paths_of_user(tmp_path / "alone", lacks={"no_predictions": "no call"})
    assert "cannot do" in reproduction(alone, beside)[1]["reason"]


def test_training_that_does_not_repeat_is_not_done_twice(tmp_path):
    judged = verdict(CELL.format(api="keras3").replace("/h5/", "/backup_and_restore/"), lost=["weights"])
    beside = paths_of_user(tmp_path / "made")
    assert "exit_code" in reproduction(judged, beside)[1]
    assert "does not repeat" in reproduction({**judged, "traits": ["unrepeatable"]}, beside)[1]["reason"]


def test_code_that_refuses_op_determinism_is_run_without(tmp_path):
    for name, why in (("with", None), ("without", "no deterministic kernel")):
        beside = paths_of_user(tmp_path / name, indeterminate=why)
        text, _ = reproduction(verdict(CELL.format(api="keras3"), lost=["weights"]), beside)
        assert ("enable_op_determinism" in text) == (why is None)


def brought_verdict(folder, route, stage=None, error=None, lost=(), **item):
    """A verdict on a brought .h5 with one route, and the paths that its reproduction needs."""
    taken = folder / "taken"
    (taken / "artifact").mkdir(parents=True)
    (folder / "files").mkdir()
    (taken / "artifact/model.h5").write_bytes(b"an artifact")
    write_json(str(taken / "item.json"), {"id": "mine", "format": "h5", "trusted": False, **item})
    judged = verdict(ROUTE, lost=list(lost), outcome="refused" if error else "loaded", stage=stage, error=error)
    record = Record("manifest", {axis: judged["cell"][axis] for axis in ("producer", "model", "modifier", "format")})
    record.facts.update(outcome="done", reproducible=True, files=[], diagnostics=[], seconds={}, brought=ABOUT)
    record.write(str(taken), "manifest")
    observed = route.write(folder / "tf2.21-keras3/load_model/inference", judged["cell"])
    return judged, {"manifest": str(taken / "manifest.json"), "observed": [observed], "folder": folder / "files"}


def test_a_brought_artifact_is_held_against_its_expectation(tmp_path):
    route = Route({"other_name": np.array([2, 3], "float32")})
    judged, beside = brought_verdict(tmp_path, route, lost=["predictions"], expected={"y": [2, 4]}, tolerance=0.5)
    text, claim = reproduction(judged, beside)
    checked(text, tmp_path)
    assert claim["exit_code"] == 1
    assert '"other_name": VALUES["expected_1"]' in text  # under the name that the route gives it
    assert 'ALLOWED = {"other_name": (None, 0.5, 0.0)}' in text
    assert (beside["folder"] / "artifact/model.h5").read_bytes() == b"an artifact"
    assert "without a sandbox" in text and "roundtrip" not in text
    with np.load(beside["folder"] / "values.npz") as kept:
        assert kept["expected_1"].tolist() == [2, 4] and kept["input_0"].shape == (2, 3)


def test_a_brought_artifact_is_held_against_what_the_file_states(tmp_path):
    judged, beside = brought_verdict(tmp_path, Route().weights(), lost=["weights"])
    text, _ = reproduction(judged, beside)
    checked(text, tmp_path)
    assert "read_stated(ARTIFACT)" in text and "model_weights" in text
    judged["facets"]["weights"]["detail"] = ["a is not what b holds"]
    assert "short file" in reproduction(judged, {**beside, "folder": fresh(tmp_path)})[1]["reason"]


def fresh(folder):
    (folder / "again").mkdir()
    return folder / "again"


def test_the_error_of_a_route_is_caught_where_it_was_raised(tmp_path):
    error = {"type": "ValueError", "message": "no"}
    at_load, beside = brought_verdict(tmp_path / "load", Route(None), "load", error)
    text, claim = reproduction(at_load, beside)
    checked(text, tmp_path)
    assert claim["outcome"] == "refused" and "INPUTS" not in text
    at_use, beside = brought_verdict(tmp_path / "use", Route([1.0]), "use", error)
    used, _ = reproduction(at_use, beside)
    checked(used, tmp_path)
    assert "outputs(loaded, INPUTS)" in used
    refused, beside = brought_verdict(tmp_path / "tried", Route(None), "use", {"type": "Refused", "message": ""})
    assert "not recorded" in reproduction(refused, beside)[1]["reason"]


def test_inputs_that_the_record_does_not_hold_are_said(tmp_path):
    route = Route([1.0])
    route.inputs = {"x": np.array([b"\x89PNG"], object)}
    judged, beside = brought_verdict(tmp_path, route, "use", {"type": "ValueError", "message": ""})
    assert "bytes" in reproduction(judged, beside)[1]["reason"]


def test_large_files_are_linked(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12345")
    brought_files.copied(tmp_path / "a", tmp_path / "copy")
    monkeypatch.setattr(brought_files, "LARGE", 4)
    brought_files.copied(tmp_path / "a", tmp_path / "link")
    assert not (tmp_path / "a").samefile(tmp_path / "copy") and (tmp_path / "a").samefile(tmp_path / "link")


@pytest.mark.parametrize(
    ("observed", "lines"),
    [
        ({"y": np.array([1, 2], "float32")}, 0),
        ({"y": np.array([1, 2.1], "float32")}, 1),
        ({"y": np.array([1, 2], "float64")}, 1),
        ({"y": np.array([[1, 2]], "float32")}, 1),
        ({"y": np.array([1, np.nan], "float32")}, 1),
        ({"z": np.array([1, 2], "float32")}, 1),
    ],
)
def test_outputs_are_compared_as_the_judge_does(observed, lines):
    expected, allowed = {"y": np.array([1, 2], "float32")}, {"y": ("float32", 1e-5, 1e-6)}
    assert len(list(brought.disagreeing(expected, observed, allowed))) == lines


def test_a_weight_that_is_on_one_side_alone_is_lost():
    class Loaded:
        model, variables = None, {"a": KERNEL}

    stated = [{"name": "a", "role": "weight", "value": KERNEL}]
    assert brought.weights_elsewhere(stated, Loaded) == []
    other = [{"name": "a", "role": "weight", "value": KERNEL + 1}]
    assert brought.weights_elsewhere(other, Loaded) == ["a (3, 2) is not in the file"]


@needs_sandbox
def test_the_reproduction_of_a_strangers_file_is_kept_in_its_sandbox(tmp_path):
    (tmp_path / "cell").mkdir()
    script, outside = tmp_path / "cell/reproduce.py", tmp_path / "outside.txt"
    script.write_text(f"import sys\ntry:\n    open({str(outside)!r}, 'w')\nexcept OSError:\n    sys.exit(1)\n")
    claim = {"exit_code": 1, "outcome": None}
    assert runs.run(script, [sys.executable], claim, LIMITS)["result"] == "not confirmed" and outside.exists()
    outside.unlink()
    options = ["--sandbox", str(tmp_path / "scratch"), f"--readable={tmp_path / 'cell'}"]
    assert runs.run(script, [sys.executable], claim, LIMITS, options)["result"] == "confirmed" and not outside.exists()


TRACED = """
import runpy, sys
sys.path[:0] = {paths!r}
import opened_files
opened_files.install({traces!r}, {root!r})
sys.argv = {argv!r}
runpy.run_module("host.reproduce", run_name="__main__")
"""


def opened_by_writing(folder, judged, *options):
    """The files of scripts/ that are opened while a reproduction is written."""
    for name, content in (("verdict", judged), ("environment", environment())):
        (folder / f"{name}.json").write_text(json.dumps(content))
    traces = folder / "traces"
    traces.mkdir()
    argv = ["host.reproduce", "--verdict", str(folder / "verdict.json"), "--script", str(folder / "reproduce.py")]
    argv += ["--claim", str(folder / "claim.json")]
    argv += [f"--{side}={folder / 'environment.json'}" for side in ("producer", "consumer")]
    paths = [str(ROOT / "scripts"), str(ROOT / "tests")]
    code = TRACED.format(paths=paths, traces=str(traces), root=str(ROOT), argv=[*argv, *options])
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "exit_code" in json.loads((folder / "claim.json").read_text())
    lines = [json.loads(line)[1] for trace in traces.iterdir() for line in trace.read_text().splitlines()]
    return {line.removeprefix("scripts/") for line in lines if line.startswith("scripts/")}


def environment():
    apis = {"keras3": {"module": "keras", "version": "3.15.1", "variables": {}}}
    return {"apis": apis, "tensorflow": "2.21.0", "versions": {"tensorflow": "2.21.0"}}


def test_an_edit_of_all_that_is_opened_writes_the_file_again(tmp_path):
    """What tests/test_dependencies.py traces of steps, here of the script that writes reproductions."""
    member = verdict("tf2.21-keras3/custom_registered/none/keras_archive/tf2.21-keras3/build_load_weights/resume")
    user = paths_of_user(tmp_path / "user")
    route = Route([1.0]).weights()
    artifact, files = brought_verdict(tmp_path / "of_user", route, lost=["weights", "predictions"], expected={"y": [1]})
    own = verdict(CELL.format(api="keras3"), lost=["weights"])
    cases = {
        "member": (member, []),
        "own": (own, [f"--{name}={user[name]}" for name in ("subject", "reference")]),
        "artifact": (artifact, ["--manifest", files["manifest"], "--observed", *files["observed"]]),
    }
    for name, (judged, options) in cases.items():
        (tmp_path / name).mkdir(exist_ok=True)
        opened = opened_by_writing(tmp_path / name, judged, *options)
        script = "host/reproduce/__main__.py" + (" --manifest" if name == "artifact" else "")
        named = sources.opened_by_name(script, {**judged["cell"], "modifier": "none"})
        assert opened - sources.closure(*named) == set(), name
        assert set(named) <= opened, name


class Run:
    """A copy of the project in which a model and an artifact of the user were judged; one cell of each is red."""

    CONFIG = """
models:
  churn: {build: churn/churn.py:build, data: churn/churn.npz}
artifacts:
  wrong: {path: small.keras, inputs: {x: [[1.0]]}, expected: {y: [[5.0]]}}
  right: {path: small.keras, inputs: {x: [[1.0]]}, expected: {y: [[3.0]]}}
producers: [tf2.21-keras3]
consumers: [tf2.21-keras3]
formats: [keras_archive]
loaders: [load_model, load_model_custom_objects]
uses: [inference]
epochs: {before: 5, after: 1}
"""
    SMALL = """
import sys, numpy as np, keras
x = keras.Input((1,), name="x")
model = keras.Model(x, keras.layers.Dense(1, name="y")(x))
model.set_weights([np.array([[2.0]]), np.array([1.0])])
model.compile("sgd", "mse")
model.train_on_batch(np.ones((1, 1)), np.full((1, 1), 3.0))  # without an error: the weights stay
model.save(sys.argv[1])
"""

    def __init__(self, folder):
        self.user = user_models.copy(folder / "user")
        subprocess.run([PYTHON, "-c", self.SMALL, self.user / "small.keras"], check=True, capture_output=True)
        (self.user / "mine.yaml").write_text(self.CONFIG)
        self.folder = copy_with_environment(folder / "project", "matrix: [{models: dense_regression}]")
        done = self.command(*SNAKEMAKE, "--cores", "2", "--configfile", self.user / "mine.yaml")
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]

    def command(self, *words):
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=1500)

    def reproduce(self, cell):
        return self.command(*MAKE, cell, "--configfile", self.user / "mine.yaml")

    def shown(self):
        """{path of a cell: its row of the report}."""
        return {"/".join(list(row.values())[:7]): row for row in rows(self.folder)}


MAKE = [sys.executable, "-m", "host.reproduce.ask"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        made = Run(tmp_path_factory.mktemp("reproduced"))
        patch.setenv("PYTHONPATH", str(made.folder / "scripts"))
        yield made


@needs_tensorflow
@needs_sandbox
def test_red_and_kept_cells_of_what_the_user_brings_are_confirmed_and_shown(run):
    done = run.reproduce("red")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    right = "brought/right/none/keras_archive/tf2.21-keras3/load_model/inference"
    own = "tf2.21-keras3/churn/none/keras_archive/tf2.21-keras3/load_model_custom_objects/inference"
    for cell in (right, own):
        assert run.reproduce(cell).returncode == 0
    found = {path: row["reproduction"] for path, row in run.shown().items() if row["reproduction"]}
    assert found[right] == found[own] == "confirmed" and set(found.values()) == {"confirmed"}
    wrong = [path for path in found if "/wrong/" in path]
    assert wrong and all(run.shown()[path]["verdict"] == "silent_loss" for path in wrong)
    output = json.loads((run.folder / "results/reproduced" / wrong[0] / "result.json").read_text())["output"]
    assert "y: [3.], expected [5.]" in output.replace("[[", "[").replace("]]", "]")


@needs_tensorflow
@needs_sandbox
def test_an_edit_of_a_members_code_makes_the_reproduction_again(run):
    cell = "brought/right/none/keras_archive/tf2.21-keras3/load_model/inference"
    assert run.reproduce(cell).returncode == 0
    result = f"results/reproduced/{cell}/result.json"
    planned = [*SNAKEMAKE, "-n", "--quiet", "rules", "--configfile", run.user / "mine.yaml", "--", result]
    assert planned_jobs(run.command(*planned).stdout) == {}
    piece = run.folder / "scripts/roundtrip/pieces/brought.py"
    piece.write_text(piece.read_text() + "\n# edited\n")
    jobs = planned_jobs(run.command(*planned).stdout)
    assert (jobs.pop("total"), jobs) == (2, {"write_reproduction_of_brought": 1, "run_reproduction_of_brought": 1})
