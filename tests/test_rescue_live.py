"""Training that is interrupted, saved, loaded in a fresh process and rescued goes on as if nothing had happened."""

import json
import os
import subprocess

import pytest
from helpers.places import PYTHON, ROOT, SCRIPTS, needs_tensorflow
from helpers.steps import PINNED

pytestmark = needs_tensorflow


def run(*arguments):
    environment = {**os.environ, **PINNED, "PYTHONPATH": str(SCRIPTS)}
    command = [str(part) for part in (PYTHON, ROOT / "tests/rescue_program.py", *arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """{module: (folder, what the uninterrupted run gives)}."""
    folders = {module: tmp_path_factory.mktemp(module) for module in ("keras", "tf_keras")}
    return {module: (folder, run(module, "save", folder)) for module, folder in folders.items()}


@pytest.mark.parametrize(
    ("module", "file", "role"),
    [
        ("keras", "whole.h5", "rescue"),
        ("keras", "whole.h5", "build_rescue"),
        ("keras", "whole.keras", "build_rescue"),
        ("tf_keras", "whole.h5", "build_rescue"),
        ("tf_keras", "whole.keras", "build_rescue"),
        ("tf_keras", "saved_model", "rescue"),
        ("tf_keras", "saved_model", "not_compiled"),
        ("tf_keras", "saved_model", "build_rescue"),
    ],
)
def test_resumed_training_is_the_uninterrupted_run_bit_for_bit(saved, module, file, role):
    folder, wanted = saved[module]
    rescued = run(module, role, folder, file)
    assert (rescued["weights"], rescued["losses"]) == (wanted["weights"], wanted["losses"])
    assert rescued["restored"] >= 19 and not rescued["absent"] and not rescued["unused"]


def test_without_the_rescue_it_is_another_run(saved):
    """Else the tests above would prove nothing."""
    folder, wanted = saved["tf_keras"]
    assert run("tf_keras", "load", folder, "saved_model")["losses"] != wanted["losses"]


@pytest.mark.parametrize("file", ["whole.h5", "whole.keras", "saved_model"])
def test_the_state_of_keras_2_goes_on_in_keras_3(saved, file):
    """Two runtimes compute the last digits differently: the losses are compared with those of the run in Keras 2."""
    folder, wanted = saved["tf_keras"]
    rescued = run("keras", "build_rescue", folder, file)
    assert rescued["losses"] == pytest.approx(wanted["losses"], rel=1e-5)
    assert not rescued["unused"] and rescued["absent"] == []


def test_a_converted_file_needs_no_rescue(saved):
    folder, wanted = saved["tf_keras"]
    program = SCRIPTS / "keras_rescue.py"
    command = [str(part) for part in (PYTHON, program, "convert", folder / "whole.h5", folder / "new.keras")]
    done = subprocess.run(command, env={**os.environ, **PINNED}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "optimizer: momentum of first/kernel" in done.stdout and "saved as" in done.stdout
    loaded = run("keras", "load", folder, "new.keras")
    assert loaded["losses"] == pytest.approx(wanted["losses"], rel=1e-5)
    assert loaded["optimizer"] == 20  # the step, the learning rate, three slots of six trainable weights
