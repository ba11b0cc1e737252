"""SavedModels: where Keras' metadata lie, in files that are written here by hand, and one that Keras writes."""

import json
import os
import subprocess

import pytest
from helpers.places import PYTHON, SCRIPTS, needs_tensorflow
from helpers.protobuf import message

from rescue.held import Unreadable
from rescue.protobuf_fields import root_metadata_of_keras, root_metadata_of_saved_model
from rescue.saved_model import is_saved_model, read_saved_model


def program(metadata=None):
    """A saved_model.pb; its root is an object of Keras before 2.5 if it has metadata."""
    user_object = [] if metadata is None else [(4, message((1, "_tf_keras_network"), (3, metadata)))]
    layer = message((4, message((3, "of a layer"))))
    graph = message((1, message(*user_object)), (1, layer))
    return message((1, 1), (2, message((1, message((5, "2.4.0"))), (7, graph))))


def test_the_roots_metadata_and_no_layers_are_read():
    assert root_metadata_of_saved_model(program("of the root")) == "of the root"
    assert root_metadata_of_saved_model(program()) == ""
    layer, root = message((3, "root.layer-0"), (5, "of a layer")), message((3, "root"), (5, "of the root"))
    assert root_metadata_of_keras(message((1, layer), (1, root))) == "of the root"


def test_a_saved_model_is_its_folder_its_file_or_the_folder_of_time_stamps(tmp_path):
    assert not is_saved_model(tmp_path) and not is_saved_model(tmp_path / "missing") and not is_saved_model(None)
    for stamp in ("900", "1000"):
        (tmp_path / stamp).mkdir()
        (tmp_path / stamp / "saved_model.pb").write_bytes(program())
    assert all(map(is_saved_model, (tmp_path, tmp_path / "900", tmp_path / "900/saved_model.pb")))
    with pytest.raises(Unreadable, match="without variables"):
        read_saved_model(tmp_path / "900")


@pytest.mark.parametrize("name", ["saved_model.pb", "keras_metadata.pb"])
def test_a_damaged_part_is_named(tmp_path, name):
    (tmp_path / "saved_model.pb").write_bytes(program())
    whole = program() if name == "saved_model.pb" else message((1, message((3, "root"), (5, "{}"))))
    (tmp_path / name).write_bytes(whole[:-3])
    with pytest.raises(Unreadable, match=name):
        read_saved_model(tmp_path)


PROGRAM = """
import json, os
import numpy as np, tensorflow as tf
from rescue.saved_model import read_saved_model
keras = tf.keras
layers = [keras.layers.RandomFlip(seed=1), keras.layers.Flatten(), keras.layers.Dense(2, name="b")]
model = keras.Sequential([keras.Input((2, 2, 1)), *layers])
model.compile("adam", "mse", metrics=["mae"])
model.fit(np.ones((8, 2, 2, 1), "float32"), np.ones((8, 2), "float32"), verbose=0)
model.save("folder")
held = read_saved_model("folder")
facts = {
    "config": held.config["config"]["name"] == model.name,
    "compiled": [held.compiled["loss"], held.compiled["optimizer_config"]["class_name"]],
    "weights": [np.array_equal(w.value, v) for w, v in zip(held.weights, model.get_weights())],
    "layers": [w.layer for w in held.weights],
    "optimizer": [np.array_equal(h.value, v.numpy()) for h, v in zip(held.optimizer, model.optimizer.variables)],
    "facts": held.facts,
}
print("RESULT" + json.dumps(facts))
"""


@needs_tensorflow
def test_a_saved_model_of_keras_2_has_everything(tmp_path):
    """The seed of RandomFlip is a third variable, which ``model.weights`` does not list."""
    environment = dict(os.environ, PYTHONPATH=str(SCRIPTS), TF_USE_LEGACY_KERAS="1", CUDA_VISIBLE_DEVICES="")
    ended = subprocess.run(
        [PYTHON, "-c", PROGRAM], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    held = json.loads(ended.stdout.split("RESULT")[1])
    assert held["config"] and held["compiled"] == ["mse", "Custom>Adam"] and held["weights"] == [True, True]
    assert held["layers"][:2] == [["b"], ["b"]] and held["layers"][2] == ["random_flip"]
    assert len(held["optimizer"]) == 5 and all(held["optimizer"])
    assert held["facts"]["metrics"] == 2 and held["facts"]["tensorflow"].startswith("2.")
