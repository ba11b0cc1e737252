"""Artifacts that the user brings, through the workflow: files of many kinds, each with its planted fault.

Needs results/environments/tf2.21 (`snakemake --cores 2 -- results/environments/tf2.21/environment.json`).
"""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest
from helpers.places import needs_tensorflow
from helpers.project import SNAKEMAKE, copy_with_environment, rows
from helpers.steps import python

from host.brought import withdraw

pytestmark = needs_tensorflow

#: run in the environment, with Keras 3 (``keras``) or tf_keras as ``keras``; writes the artifacts into this folder
MAKE = """
import numpy as np, tensorflow as tf, {keras} as keras
keras.utils.set_random_seed(3)
x = np.random.RandomState(0).rand(64, 5).astype('float32')
def trained(*layers, loss='mse'):
    model = keras.Sequential([keras.layers.Input((5,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=['mae'])
    model.fit(x, x[:, :2], epochs=1, verbose=0)
    return model
"""
KERAS3 = """
trained(keras.layers.Dense(4, 'relu'), keras.layers.Dense(2)).save('whole.keras')

@keras.saving.register_keras_serializable('mine')
class Twice(keras.layers.Layer):
    def call(self, x):
        return 2 * x
trained(keras.layers.Dense(2), Twice()).save('custom.keras')

image = keras.layers.Input((None, None, 1))
y = keras.layers.Conv2D(2, 20, strides=4)(keras.layers.MaxPooling2D(2)(image))
keras.Model(image, keras.layers.GlobalAveragePooling2D()(y)).save('needs_room.keras')
"""
KERAS2 = """
model = trained(keras.layers.Dense(4, 'relu', name='a'), keras.layers.Dense(4, 'relu', name='b'),
                keras.layers.Dense(2, name='c'))
model.save('whole.h5')
model.save_weights('alone.h5')
open('architecture.json', 'w').write(model.to_json())
model.save('saved')
"""
GRAPHS = """
class Module(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string), tf.TensorSpec([None, 2], tf.uint8)])
    def __call__(self, text, picture):
        return {'length': tf.strings.length(text), 'upper': tf.strings.upper(text),
                'mean': tf.reduce_mean(tf.cast(picture, tf.float32), 1)}
module = Module()
tf.saved_model.save(module, 'strings', signatures=module.__call__.get_concrete_function())

class Large(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([1, 300, 300, 3], tf.float32)])
    def __call__(self, picture):
        return {'same': picture * 2}
large = Large()
tf.saved_model.save(large, 'large', signatures=large.__call__.get_concrete_function())

v1 = tf.compat.v1
with v1.Graph().as_default() as graph:
    x = v1.placeholder(tf.float32, [None, 3], 'x')
    tf.identity(x + tf.random.uniform([3]), 'y')
    open('random.pb', 'wb').write(graph.as_graph_def().SerializeToString())
with v1.Graph().as_default() as graph:
    x = v1.placeholder(tf.float32, [None, 12], 'x')
    tf.reshape(x, [2, 3, -1, 4], 'y')
    open('reshape.pb', 'wb').write(graph.as_graph_def().SerializeToString())
"""
CODE = """
import keras

@keras.saving.register_keras_serializable("mine")
class Twice(keras.layers.Layer):
    def call(self, x):
        return 2 * x
"""
BUILD = """
import tf_keras
def build():
    layers = tf_keras.layers
    return tf_keras.Sequential([layers.Input((5,)), layers.Dense(4, 'relu', name='a'),
                                layers.Dense(4, 'relu', name='b'), layers.Dense(2, name='c')])
"""


def artifacts(folder):
    """{id: entry}, and the files that the entries name."""
    for module, code, keras in (("keras", KERAS3, "0"), ("tf_keras", KERAS2, "1"), ("tf_keras", GRAPHS, "1")):
        python("-c", MAKE.format(keras=module) + code, cwd=folder, TF_USE_LEGACY_KERAS=keras)
    (folder / "objects_of_mine.py").write_text(CODE)
    (folder / "build_it.py").write_text(BUILD)
    (folder / "raises.py").write_text("import keras\n1 / 0\n")
    (folder / "build_raises.py").write_text("def build():\n    return [][1]\n")
    shutil.copy(folder / "whole.h5", folder / "really_hdf5.keras")
    texts = {"text": ["hello", "wörld"], "picture": [[0, 255], [10, 20]]}
    return {
        "whole3": {"path": "whole.keras"},
        "whole2": {"path": "whole.h5"},
        "renamed": {"path": "really_hdf5.keras"},
        "custom": {"path": "custom.keras"},
        "custom_given": {"path": "custom.keras", "custom_objects": "objects_of_mine.py"},
        "code_raises": {"path": "custom.keras", "custom_objects": "raises.py"},
        "build_raises": {"path": "alone.h5", "build": "build_raises.py:build"},
        "room": {"path": "needs_room.keras"},
        "pair": {"path": ["architecture.json", "alone.h5"]},
        "alone": {"path": "alone.h5", "build": "build_it.py:build"},
        "saved": {"path": "saved"},
        "strings": {"path": "strings", "inputs": texts, "expected": {"length": [5, 6], "mean": [127.5, 15.0]}},
        "strings_made": {"path": "strings/saved_model.pb"},
        "wrong": {"path": "strings", "inputs": texts, "expected": {"mean": [127.5, 15.001]}},
        "large": {"path": "large"},
        "random": {"path": "random.pb"},
        "reshape": {"path": "reshape.pb"},
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """(a copy of the project where the artifacts were read, {(id, consumer, loader, use): row}, the configuration)."""
    folder = copy_with_environment(tmp_path_factory.mktemp("brought"), "matrix: []\n")
    mine = tmp_path_factory.mktemp("elsewhere")
    (mine / "mine.yaml").write_text(json.dumps({"matrix": [], "artifacts": artifacts(mine)}))
    command = [*SNAKEMAKE, "--cores", "2", "--configfile", str(mine / "mine.yaml")]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    found = {(c["model"], c["consumer"].split("-")[1], c["loader"], c["use"]): c for c in rows(folder)}
    return folder, found, mine / "mine.yaml"


@pytest.mark.parametrize(
    ("id_", "consumer", "loader", "use", "verdict", "words"),
    [
        ("whole3", "keras3", "load_model", "inference", "kept", "weights, predictions"),
        ("whole3", "keras3", "load_model", "resume", "kept", "optimizer state, resumed training"),
        ("whole2", "keras2", "load_model", "resume", "kept", "optimizer state, resumed training"),
        ("whole2", "keras3", "load_model", "inference", "broken", "Written by keras2, 2.21.0. Read by: tf2.21-keras2"),
        ("whole2", "keras3", "load_model_no_compile", "inference", "kept", "weights, predictions"),
        ("renamed", "keras3", "load_model_no_compile", "inference", "kept", "refuses the name, not the content"),
        (
            "custom",
            "keras3",
            "load_model",
            "inference",
            "not_promised_fails",
            "needs the custom class or function Twice",
        ),
        ("custom_given", "keras3", "load_model_custom_objects", "inference", "kept", "weights, predictions"),
        ("code_raises", "keras3", "load_model_custom_objects", "inference", "user_code",
         "raises.py, line 2: ZeroDivisionError"),
        ("code_raises", "keras3", "load_model", "inference", "user_code", "ZeroDivisionError"),
        ("build_raises", "keras2", "build_load_weights", "inference", "user_code",
         "build_raises.py, line 2: IndexError"),
        ("room", "keras3", "load_model", "inference", "kept", "weights, predictions"),
        ("pair", "keras2", "from_json_weights", "inference", "kept", "weights"),
        ("alone", "keras2", "build_load_weights", "inference", "kept", "weights"),
        ("alone", "keras3", "build_load_weights", "inference", "not_promised_fails", "is no model of keras"),
        ("saved", "keras2", "load_model", "resume", "silent_loss", "optimizer state"),
        ("saved", "keras3", "tfsm_layer_signature", "inference", "kept", "predictions"),
        ("strings", "keras3", "signature", "inference", "kept", "the given expectation"),
        ("strings", "tf1", "saved_model_cli", "inference", "kept", "the given expectation"),
        ("strings", "tf1", "saved_model_loader", "inference", "kept", "the given expectation"),
        (
            "strings",
            "keras3",
            "tfsm_layer_signature",
            "inference",
            "not_promised_fails",
            "takes endpoints of one tensor",
        ),
        ("strings_made", "tf1", "saved_model_cli", "inference", "kept", "routes agree on"),
        ("wrong", "keras3", "signature", "inference", "silent_loss", "predictions"),
        ("large", "tf1", "saved_model_cli", "inference", "kept", "routes agree on"),
        ("random", "tf1", "import_graph_def", "inference", "nondeterministic", "A second call"),
        ("random", "keras3", "wrap_function", "inference", "nondeterministic", "A second call"),
        ("reshape", "keras2", "wrap_function", "inference", "kept", "routes agree on"),
    ],
)  # fmt: skip
def test_the_verdict_on(project, id_, consumer, loader, use, verdict, words):
    row = project[1][id_, consumer, loader, use]
    assert row["verdict"] == verdict, row["reason"]
    assert words in row["reason"]


def test_what_an_expectation_says_of_an_artifact_is_a_note(project):
    assert project[1]["saved", "keras2", "load_model", "resume"]["note"] == "known"
    assert project[1]["wrong", "keras3", "signature", "inference"]["note"] == "new"


def test_a_second_run_does_nothing_and_an_edit_of_the_users_file_reruns_its_cells(project):
    folder, _, mine = project
    command = [*SNAKEMAKE, "--cores", "2", "-n", "--quiet", "rules", "--configfile", str(mine)]
    again = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300).stdout
    assert "read_artifact" not in again
    code = mine.with_name("objects_of_mine.py")
    code.write_text(code.read_text() + "\n# edited\n")
    planned = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300).stdout
    assert "take_artifact" in planned and "read_artifact" in planned


def flip(path):
    """Change one bit of a file, and neither its size nor its times."""
    content, times = bytearray(path.read_bytes()), path.stat()
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("damaged", ["artifact/model.keras", "expected.npz", "manifest.json"])
def test_a_copy_whose_bytes_changed_is_not_run_and_recovers_by_itself(project, tmp_path, damaged):
    """Its steps run in the sandbox, which cannot remove the manifest: the host does, by what it sees itself."""
    folder, mine = project[0], tmp_path / "one.yaml"
    shutil.copy(project[2].with_name("whole.keras"), tmp_path / "one.keras")
    x = np.zeros((2, 5), "float32")
    np.savez(tmp_path / "given.npz", input_layer=x)
    np.savez(tmp_path / "wanted.npz", dense_1=np.zeros((2, 2), "float32"))
    entry = {"path": "one.keras", "inputs": "given.npz", "expected": "wanted.npz"}
    mine.write_text(json.dumps({"matrix": [], "artifacts": {"one": entry}, "consumers": ["tf2.21-keras3"],
                                "loaders": ["load_model"], "uses": ["inference"]}))  # fmt: skip
    command = [*SNAKEMAKE, "--cores", "2", "--configfile", str(mine)]

    def run(*more):
        done = subprocess.run([*command, *more], cwd=folder, capture_output=True, text=True, timeout=300)
        return done, [(r["verdict"], r["reason"]) for r in rows(folder) if r["model"] == "one"]

    done, undisturbed = run()
    assert done.returncode == 0 and len(undisturbed) == 1, done.stderr[-3000:]
    taken = folder / "results/saved/brought/one/none/keras_archive"
    flip(taken / damaged)
    done, ((verdict, reason),) = run("--forcerun", "read_artifact")
    assert done.returncode != 0 and verdict == "not_run", done.stderr[-3000:]
    assert damaged.removeprefix("artifact/") in reason, reason
    done, recovered = run()
    assert done.returncode == 0 and recovered == undisturbed, done.stderr[-3000:]


def test_the_host_believes_its_own_look_at_a_copy_and_removes_the_manifest_alone(project):
    taken = project[0] / "results/saved/brought/large/none/export"
    before = sorted(path for path in taken.rglob("*"))
    assert withdraw.main([str(taken / "manifest.json")]) == 0
    assert sorted(path for path in taken.rglob("*")) == before, "an undamaged copy stays"
    flip(taken / "artifact/model/saved_model.pb")
    assert "model/saved_model.pb has other bytes" in withdraw.why(str(taken / "manifest.json"))
    withdraw.main([str(taken / "manifest.json")])
    assert sorted(path for path in taken.rglob("*")) == [p for p in before if p.name != "manifest.json"]
