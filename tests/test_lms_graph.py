"""Large model support on TensorFlow: each step a process of the environment tf2.21; skips where it is not built.

The planted members lie in a copy of ``scripts/``: swap nodes that nothing protects, a rewrite that is switched
off, a restore whose ops are never run.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from host.select.cells import Cell

PROJECT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = PROJECT / "results/environments/tf2.21/venv/bin/python"
DATA = PROJECT / "results/data/digits.npz"
MODEL = "lms_convnet"
RUNTIME = "tf2.21-keras2_graph"

pytestmark = pytest.mark.skipif(
    not (PYTHON.exists() and DATA.exists()),
    reason="the environment tf2.21 is not built: make, or snakemake results/environments/tf2.21/environment.json",
)

PLANTED = {
    "modifiers/unprotected.py": """
from roundtrip.lms import support
from roundtrip.modifiers import lms
TITLE, APIS, TRAITS, look = "swap nodes that nothing protects", lms.APIS, lms.TRAITS, lms.look
def rewriter(ctx, when_run="raise"):
    return support.LargeModelSupport(ctx.tf, when_run=when_run, protect=False, **lms._PARAMETERS)
""",
    "modifiers/switched_off.py": """
from roundtrip.modifiers import lms
TITLE, APIS, TRAITS, look, rewriter = "off", lms.APIS, lms.TRAITS, lms.look, lms.rewriter
def callbacks(ctx):
    return []
""",
    "loaders/never_run.py": """
from roundtrip.formats import tf_checkpoint
from roundtrip.lms.trace import make_train_function
from roundtrip.loaded import Loaded
from roundtrip.loaders import FROM_CODE, session_checkpoint_restore as honest
TITLE, APIS, READS, RESTORES = "restore ops never run", honest.APIS, honest.READS, honest.RESTORES
SUPPLIES, GIVES = FROM_CODE, honest.GIVES
def load(ctx, artifact):
    model = ctx.build()
    make_train_function(model)
    status = tf_checkpoint.checkpoint_of(ctx, model).restore(ctx.tf.train.latest_checkpoint(artifact))
    status.assert_existing_objects_matched()
    return Loaded(model, keep=status)
""",
    "loaders/unprotected_callbacks.py": """
from roundtrip.loaded import Loaded
from roundtrip.loaders import load_model_callbacks as honest, only_file
from roundtrip.modifiers import unprotected
TITLE, APIS, READS, RESTORES = "load_model with unprotected rewrite", honest.APIS, honest.READS, honest.RESTORES
SUPPLIES, GIVES = honest.SUPPLIES, honest.GIVES
def load(ctx, artifact):
    callback = unprotected.rewriter(ctx).callback(ctx.keras)
    return Loaded(honest.load_model(ctx, only_file(artifact), [callback]))
""",
}


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """A function that runs the path of a modifier, a format and a loader, and judges it."""
    folder = tmp_path_factory.mktemp("lms")
    shutil.copytree(PROJECT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name, source in PLANTED.items():
        (folder / "scripts/roundtrip" / name).write_text(f'"""Planted."""\n{source}')
    return Steps(folder)


class Steps:
    def __init__(self, folder):
        self.folder = folder

    def python(self, *arguments):
        environment = dict(os.environ, TF_USE_LEGACY_KERAS="1", CUDA_VISIBLE_DEVICES="-1", OMP_NUM_THREADS="1")
        run = subprocess.run([PYTHON, *map(str, arguments)], env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-6000:]
        return run.stdout

    def step(self, script, result, modifier, out, *more):
        if not (out / result).exists():
            fixed = ["--api", "keras2_graph", "--module", "tf_keras", "--before", "2", "--after", "1", "--data", DATA]
            script = self.folder / "scripts" / script
            self.python(script, *fixed, "--model", MODEL, "--modifier", modifier, "--out", out, *more)
        return out / result

    def train(self, modifier):
        return self.step("train.py", "reference.json", modifier, self.folder / "trained" / modifier)

    def path(self, modifier, fmt, loader, use="resume"):
        """The verdict, as the copy of the host's code judges it: the planted members lie there."""
        files = [self.train(modifier)]
        more = ["--format", fmt, "--reference", files[0]]
        files.append(self.step("save.py", "manifest.json", modifier, self.folder / modifier / fmt, *more))
        more = ["--manifest", files[1], "--reference", files[0], "--loader", loader, "--use", use]
        out = self.folder / modifier / f"{fmt}-{loader}-{use}"
        files.append(self.step("load.py", "observed.json", modifier, out, *more))
        cell = Cell(RUNTIME, MODEL, modifier, fmt, RUNTIME, loader, use)
        code = (
            "import json, sys; from host.judge.verify import verify; from host.select.matrix import Cell;"
            " a = sys.argv; print(json.dumps(verify(Cell(*a[1:8]), ('2.21.0', '2.21.0'), *a[8:])))"
        )
        environment = dict(os.environ, PYTHONPATH=str(self.folder / "scripts"))
        command = [sys.executable, "-c", code, *cell, *map(str, files)]
        judged = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return json.loads(judged.stdout)


def rewrite(result):
    return result["facets"]["graph_rewrite"]


def test_training_with_the_rewrite_is_training_without_it_bit_for_bit(steps):
    plain, rewritten = (json.loads(steps.train(modifier).read_text()) for modifier in ("none", "lms"))
    assert rewritten["graph_rewrite"]["executed"] > 20 and "graph_rewrite" not in plain
    for part in ("trajectory_before", "state", "predictions", "evaluation", "trajectory", "final_state"):
        assert plain[part] == rewritten[part], part


def test_resumed_training_with_the_rewrite_too(steps):
    result = steps.path("lms", "h5", "load_model_callbacks")
    assert (result["verdict"], rewrite(result)["effect"]) == ("kept", "effective")
    assert result["facets"]["resume_trajectory"]["status"] == "identical"


def test_after_load_model_the_rewrite_comes_too_late_for_what_the_session_has_run(steps):
    result = steps.path("lms", "h5", "load_model_then_rewrite")
    seen = rewrite(result)
    assert result["verdict"] == "not_promised" and seen["effect"] == "partial"
    assert 0 < seen["executed"] < seen["expected"] and seen["warnings"] > 0


def test_after_a_session_ran_the_whole_graph_the_nodes_are_there_and_nothing_is_executed(steps):
    seen = rewrite(steps.path("lms", "session_checkpoint", "session_checkpoint_then_rewrite"))
    assert (seen["effect"], seen["executed"]) == ("ineffective", 0) and seen["added"] > 20


def test_nodes_that_grappler_prunes_are_not_counted(steps):
    seen = rewrite(steps.path("lms", "h5", "unprotected_callbacks"))
    assert seen["added"] > 20 and seen["executed"] < seen["expected"]


def test_a_restore_whose_ops_were_never_run_is_a_silent_loss(steps):
    assert steps.path("none", "session_checkpoint", "session_checkpoint_restore")["verdict"] == "kept"
    result = steps.path("none", "session_checkpoint", "never_run")
    assert result["verdict"] == "silent_loss" and "weights" in result["reason"]


def test_a_modifier_that_switched_itself_off_makes_no_reference(steps):
    assert steps.path("switched_off", "h5", "load_model")["verdict"] == "not_reproducible"


def test_a_meta_graph_keeps_the_nodes_and_a_frozen_graph_those_of_the_forward_pass(steps):
    assert rewrite(steps.path("lms", "session_saver", "session_meta_graph", "trace"))["effect"] == "effective"
    frozen = rewrite(steps.path("lms", "session_frozen", "session_frozen", "trace"))
    assert frozen["effect"] == "partial" and frozen["executed"] == frozen["added"]


def test_function_hook_and_errors(steps):
    """On a graph without Keras, one session for all."""
    out = steps.python(PROJECT / "tests/lms_in_a_session.py", steps.folder / "scripts")
    assert out.split() == ["plan", "untouched", "hook", "executed", "refused", "sync", "same"]
