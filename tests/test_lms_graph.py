"""Large model support on TensorFlow: each step a process of the environment tf2.21; skips where it is not built.

The planted members lie in a copy of ``scripts/``: swap nodes that nothing protects, a rewrite that is switched
off, a restore whose ops are never run.
"""

import json
import shutil

import pytest
from helpers.places import DATA, ROOT, SCRIPTS, needs_tensorflow
from helpers.steps import Steps, python

from host.select.cells import Cell

MODEL = "lms_convnet"
RUNTIME = "tf2.21-keras2_graph"

pytestmark = needs_tensorflow

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
def paths(tmp_path_factory):
    """The paths of lms_convnet with the planted members."""
    folder = tmp_path_factory.mktemp("lms")
    shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name, source in PLANTED.items():
        (folder / "scripts/roundtrip" / name).write_text(f'"""Planted."""\n{source}')
    return Paths(folder)


class Paths:
    """Each step once, in ``folder``, by the copy of the scripts there: the planted members lie in it."""

    def __init__(self, folder):
        self.folder = folder
        options = ["--model", MODEL, "--data", DATA, "--before", "2", "--after", "1"]
        self.steps = Steps(RUNTIME, options, folder / "scripts")

    def train(self, modifier):
        out = self.folder / "trained" / modifier
        return _once(out / "reference.json", lambda: self.steps.train(out, "--modifier", modifier))

    def save(self, modifier, fmt):
        out, reference = self.folder / modifier / fmt, self.train(modifier)
        return _once(out / "manifest.json", lambda: self.steps.save(fmt, reference, out, "--modifier", modifier))

    def verdict(self, modifier, fmt, loader, use="resume"):
        """The verdict of a path."""
        files, out = [self.train(modifier), self.save(modifier, fmt)], self.folder / modifier / f"{fmt}-{loader}-{use}"
        observed = self.steps.load(files, loader, use, out, "--modifier", modifier)
        cell = Cell(RUNTIME, MODEL, modifier, fmt, RUNTIME, loader, use)
        return self.steps.verdict(cell, [*files, observed], out / "verdict.json")


def _once(path, make):
    """The path of a result, made where it is not there yet."""
    return path if path.exists() else make()


def rewrite(result):
    return result["facets"]["graph_rewrite"]["rewrite"]


def test_training_with_the_rewrite_is_training_without_it_bit_for_bit(paths):
    plain, rewritten = (json.loads(paths.train(modifier).read_text()) for modifier in ("none", "lms"))
    assert rewritten["graph_rewrite"]["executed"] > 20 and "graph_rewrite" not in plain
    for part in ("trajectory_before", "state", "predictions", "evaluation", "trajectory", "final_state"):
        assert plain[part] == rewritten[part], part


def test_resumed_training_with_the_rewrite_too(paths):
    result = paths.verdict("lms", "h5", "load_model_callbacks")
    assert (result["verdict"], rewrite(result)["effect"]) == ("kept", "effective")
    assert result["facets"]["resume_trajectory"]["status"] == "identical"


def test_after_load_model_the_rewrite_comes_too_late_for_what_the_session_has_run(paths):
    result = paths.verdict("lms", "h5", "load_model_then_rewrite")
    seen = rewrite(result)
    assert result["verdict"] == "not_promised_lost" and seen["effect"] == "partial"
    assert 0 < seen["executed"] < seen["expected"] and seen["warnings"] > 0


def test_after_a_session_ran_the_whole_graph_the_nodes_are_there_and_nothing_is_executed(paths):
    seen = rewrite(paths.verdict("lms", "session_checkpoint", "session_checkpoint_then_rewrite"))
    assert (seen["effect"], seen["executed"]) == ("ineffective", 0) and seen["added"] > 20


def test_nodes_that_grappler_prunes_are_not_counted(paths):
    seen = rewrite(paths.verdict("lms", "h5", "unprotected_callbacks"))
    assert seen["added"] > 20 and seen["executed"] < seen["expected"]


def test_a_restore_whose_ops_were_never_run_is_a_silent_loss(paths):
    assert paths.verdict("none", "session_checkpoint", "session_checkpoint_restore")["verdict"] == "kept"
    result = paths.verdict("none", "session_checkpoint", "never_run")
    assert result["verdict"] == "silent_loss" and "weights" in result["reason"]


def test_a_modifier_that_switched_itself_off_makes_no_reference(paths):
    assert paths.verdict("switched_off", "h5", "load_model")["verdict"] == "not_reproducible"


def test_a_meta_graph_keeps_the_nodes_and_a_frozen_graph_those_of_the_forward_pass(paths):
    assert rewrite(paths.verdict("lms", "session_saver", "session_meta_graph", "trace"))["effect"] == "effective"
    frozen = rewrite(paths.verdict("lms", "session_frozen", "session_frozen", "trace"))
    assert frozen["effect"] == "partial" and frozen["executed"] == frozen["added"]


def test_function_hook_and_errors(paths):
    """On a graph without Keras, one session for all."""
    out = python(ROOT / "tests/lms_in_a_session.py", SCRIPTS, TF_USE_LEGACY_KERAS="1")
    assert out.split() == ["plan", "untouched", "hook", "executed", "refused", "sync", "same"]
