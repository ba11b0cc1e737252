"""The lines of code of a way: read from the members' files, short, and what they show is what runs."""

import ast
import shutil

import pytest
from helpers.places import PYTHON, SCRIPTS
from helpers.steps import python
from helpers.upgrades import BESIDE, BRIDGE, ENVIRONMENTS, LOAD, answered, verdict

from host.select.runtimes import Api
from host.upgrade.code import LONGEST, Writer, yours
from host.upgrade.runtimes import described, install
from roundtrip import members

needs_environment = pytest.mark.skipif(not PYTHON.exists(), reason="results/environments/tf2.21 is not built")


def writer(api="keras3", own=False, environment="tf2.21"):
    return Writer(ENVIRONMENTS[environment], api, own)


def test_lines_are_those_of_the_loader_with_its_file_and_the_use():
    assert writer().loading("h5", "load_model", "resume") == [
        "import keras",
        "",
        'model = keras.models.load_model("model.h5")',
        "model.fit(x, y)",
    ]


def test_helpers_are_put_in_their_place_and_branches_of_other_versions_left_out():
    lines = writer("keras2").saving_again("weights_h5", "build_optimizer_load_weights", "keras_archive")
    assert lines[-4:] == [
        "model = build()",
        "model.optimizer.build(model.trainable_variables)",
        'model.load_weights("model.weights.h5")',
        'model.save("model.keras")',
    ]
    assert 'os.environ["TF_USE_LEGACY_KERAS"] = "1"' in lines and "import tf_keras as keras" in lines
    assert set(yours(lines)) == {"build"}


def test_variables_are_created_before_loading_only_by_the_loader_that_does_so():
    assert "optimizer.build" not in "".join(writer().loading("weights_h5", "build_load_weights", "resume"))


@pytest.mark.parametrize(("own", "named"), [(True, {"custom_objects", "compile_model"}), (False, {"compile_model"})])
def test_custom_objects_are_named_only_where_the_model_has_some(own, named):
    lines = writer(own=own).loading("keras_archive", "load_model_no_compile", "resume")
    assert set(yours(lines)) == named and "compile=False" in "".join(lines)


def test_registered_classes_need_the_import_of_their_file():
    assert "import your_code" in writer(own=True).loading("h5", "load_model", "evaluate")


def test_the_lines_of_graph_mode_turn_eager_execution_off():
    lines = writer("keras2_graph", environment="tf2.15").loading("h5", "load_model", "inference")
    assert "tf.compat.v1.disable_eager_execution()" in lines and "from tensorflow import keras" in lines


def test_the_lines_that_rescue_say_which_file_to_copy():
    lines = writer(own=True).loading("h5", "rescue", "resume")
    assert lines[-3:] == [
        'model, report = keras_rescue.load_and_rescue("model.h5", keras, custom_objects=custom_objects)',
        "print(report)",
        "model.fit(x, y)",
    ]
    assert "import keras_rescue" in lines and "scripts/keras_rescue.py" in yours(lines)["keras_rescue"]
    lines = writer().loading("tf_checkpoint", "build_rescue", "resume")
    assert lines[-4:-2] == ["model = build()", 'report = keras_rescue.rescue(model, "folder")']


def test_what_is_too_long_is_not_shown():
    assert writer().loading("onnx", "onnx_runtime", "inference") is None
    assert writer("tf1").loading("saver_v2", "checkpoint_variables", "resume") is None


def every(api):
    """(format, loader) of every loader that reads a format's own layout in an api, for a live model."""
    named = Api(api, ENVIRONMENTS["tf2.21"]["apis"][api]["version"])
    for fmt in members.names("formats"):
        for loader in members.names("loaders"):
            f, reads = named.member("formats", fmt), named.member("loaders", loader)
            here = api in f.APIS and api in reads.APIS and reads.IS_LOADER and not reads.REQUIRES_MODIFIER
            if here and f.LAYOUT == fmt and fmt in reads.READS and "fit" in reads.GIVES:
                yield fmt, loader


#: loaders that only this project's own code can show: they read a checkpoint by a table of keys, or train
NO_LINES = {"checkpoint_by_key", "backup_and_restore"}


@pytest.mark.parametrize("api", ["keras3", "keras2"])
def test_every_loader_of_a_keras_model_has_lines(api):
    without = set()
    for fmt, loader in every(api):
        lines = writer(api).loading(fmt, loader, "resume")
        if lines is None:
            without.add(loader)
            continue
        names = {node.id for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Name)}
        assert names and not names & {"ctx", "rt", "artifact", "Loaded"}
        assert len(lines) <= LONGEST
    assert without == NO_LINES


@needs_environment
@pytest.mark.parametrize("api", ["keras3", "keras2"])
def test_the_lines_run(api, tmp_path):
    """Each part of a bridge in turn, in one folder: what one saves is there for the next."""
    own = writer(api)
    parts = [
        own.loading("h5", "load_model_no_compile", "resume"),
        own.saving_again("h5", "load_model", "keras_archive"),
        own.loading("keras_archive", "load_model", "evaluate"),
        own.saving_again("keras_archive", "load_weights_of_model", "weights_h5"),
        own.loading("weights_h5", "build_optimizer_load_weights", "inference"),
        own.saving_again("h5", "rescue", "keras_archive"),
        own.loading("keras_archive", "build_rescue", "evaluate"),
    ]
    shutil.copy(SCRIPTS / "keras_rescue.py", tmp_path)
    module = ENVIRONMENTS["tf2.21"]["apis"][api]["module"]
    begin = f"""
import os
os.environ["TF_USE_LEGACY_KERAS"] = "{int(api == "keras2")}"
import numpy as np
import {module} as keras
x, y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")

def build():
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    compile_model(model)
    return model

def compile_model(model):
    model.compile("adam", keras.losses.MeanSquaredError())

first = build()
first.fit(x, y, verbose=0)
first.save("model.h5")
"""
    same = "\nassert np.array_equal(model.predict(x, verbose=0), first.predict(x, verbose=0))\n"
    script = tmp_path / "all.py"
    text = [begin, *("\n".join(part) for part in parts[:1])]
    text += ["\n".join(["", *part]) + (same if number != 0 else "") for number, part in enumerate(parts[1:], 1)]
    script.write_text("\n".join(text))
    python(script, cwd=tmp_path)
    assert (tmp_path / "model.keras").exists() and (tmp_path / "model.weights.h5").exists()


def test_a_bridge_has_lines_and_pins_for_both_environments():
    (way,) = answered(verdict({**BRIDGE, "via": "tf2.15-keras2"}))["ways"]
    first, second = way["code"]
    assert first["pip"] == "pip install tensorflow-cpu==2.15.1 'numpy<2'" and first["python"] == "3.11 or 3.10"
    assert second["pip"] == "pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf_keras==2.21.0"
    assert first["lines"][-1] == 'model.save_weights("model.weights.h5")'
    assert 'model.load_weights("model.weights.h5")' in second["lines"]


def test_custom_objects_of_a_models_members_are_known():
    made = answered(verdict({**LOAD, "loader": "load_model_custom_objects"}, model="custom_unregistered"))
    assert "custom_objects=custom_objects" in "".join(made["ways"][0]["code"][0]["lines"])
    made = answered(verdict(BESIDE), custom=[])
    assert "your_code" not in made["ways"][0]["code"][0]["yours"]


def test_the_users_own_function_is_named():
    made = answered(verdict(BRIDGE), builds={"mlp": "churn.py:build"})
    assert "(churn.py:build)" in made["ways"][0]["code"][1]["yours"]["build"]


def test_only_what_is_pinned_is_installed_and_no_option_of_pip():
    assert install(["numpy", "-e .", "keras==3.15.1", "numpy<2"]) == "pip install keras==3.15.1 'numpy<2'"
    assert install(["numpy"]) is None


@pytest.mark.parametrize(
    ("runtime", "name"),
    [
        ("tf2.21-keras3", "Keras 3.15.1"),
        ("tf2.21-keras2_graph", "tf_keras 2.21.0 in graph mode"),
        ("tf2.15-keras2", "tf.keras of TensorFlow 2.15.1"),
        ("keras3.15-jax-keras3", "Keras 3.15.1 on JAX"),
    ],
)
def test_a_runtime_is_called_by_its_keras_and_version(runtime, name):
    assert described(runtime, ENVIRONMENTS)["name"] == name
