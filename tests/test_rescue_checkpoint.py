"""Checkpoints: what is one, and one that Keras writes, whole and cut off."""

import json
import os
import subprocess

import pytest
from helpers.places import PYTHON, SCRIPTS, needs_tensorflow

from rescue.checkpoint import checkpoint_prefix, is_checkpoint, read_checkpoint
from rescue.held import Unreadable

TABLE = b"index" + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"


def test_a_path_is_the_prefix_its_index_or_the_folder(tmp_path):
    for number in ("9", "10"):
        (tmp_path / f"ckpt-{number}.index").write_bytes(TABLE)
    prefix = str(tmp_path / "ckpt-9")
    assert checkpoint_prefix(prefix) == checkpoint_prefix(prefix + ".index") == prefix
    assert checkpoint_prefix(prefix + ".data-00000-of-00001") == prefix
    assert checkpoint_prefix(tmp_path) == str(tmp_path / "ckpt-10")
    (tmp_path / "checkpoint").write_text(
        'model_checkpoint_path: "C:\\\\old\\\\ckpt-9"\nall_model_checkpoint_paths: "x"\n'
    )
    assert checkpoint_prefix(tmp_path) == prefix


def test_backup_and_restore_of_keras_2_has_a_folder_of_the_chief(tmp_path):
    (tmp_path / "chief").mkdir()
    assert not is_checkpoint(tmp_path)
    (tmp_path / "chief/ckpt-3.index").write_bytes(TABLE)
    assert checkpoint_prefix(tmp_path) == str(tmp_path / "chief/ckpt-3")


def test_other_contents_are_no_checkpoint(tmp_path):
    (tmp_path / "model.index").write_bytes(b"index of a book")
    assert not any(map(is_checkpoint, (tmp_path, tmp_path / "model", tmp_path / "missing", None)))
    with pytest.raises(Unreadable, match="no checkpoint"):
        read_checkpoint(tmp_path)


def test_without_tensorflow_the_reader_says_what_to_install(tmp_path):
    (tmp_path / "model.index").write_bytes(TABLE)
    with pytest.raises(Unreadable, match="pip install tensorflow"):
        read_checkpoint(tmp_path / "model")


PROGRAM = """
import glob, json, os, sys
import numpy as np, tensorflow as tf
from rescue.checkpoint import read_checkpoint
from rescue.held import Unreadable
keras = tf.keras
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(300, name="a"), keras.layers.Dense(2, name="b")])
model.compile("adam", "mse")
model.fit(np.ones((8, 4), "float32"), np.ones((8, 2), "float32"), verbose=0)
tf.train.Checkpoint(model=model, optimizer=model.optimizer).save("folder/ckpt")
held, variables = read_checkpoint("folder"), model.optimizer.variables
variables = variables() if callable(variables) else variables
whole = {
    "weights": [np.array_equal(w.value, v) for w, v in zip(held.weights, model.get_weights())],
    "layers": [w.layer for w in held.weights],
    "optimizer": [np.array_equal(h.value, v.numpy()) for h, v in zip(held.optimizer, variables)],
    "ordered": held.ordered,
}
(data,) = glob.glob("folder/*.data-*")
with open(data, "r+b") as opened:
    opened.truncate(os.path.getsize(data) // 2)
try:
    read_checkpoint("folder")
    refused = ""
except Unreadable as error:
    refused = str(error)
left = read_checkpoint("folder", damaged=True)
kept = sum(any(np.array_equal(w.value, v) for v in model.get_weights()) for w in left.weights)
places = [v.path for v in left.optimizer if v.value is None]
damage = [path for path, _ in left.damage]
counts = {"places": places, "weights": len(left.weights), "kept": kept, "damage": damage, "refused": refused}
print("RESULT" + json.dumps([whole, counts]))
"""


@needs_tensorflow
@pytest.mark.parametrize("keras2, layers", [("1", [["a"], ["a"], ["b"], ["b"]]), ("0", [[], [], [], []])])
def test_a_checkpoint_of_a_trained_model_is_read_and_what_is_left_of_a_cut_one(tmp_path, keras2, layers):
    """Keras 3 puts the model's name before that of the layer, and its checkpoint does not say so."""
    environment = dict(os.environ, PYTHONPATH=str(SCRIPTS), TF_USE_LEGACY_KERAS=keras2, CUDA_VISIBLE_DEVICES="")
    ended = subprocess.run(
        [PYTHON, "-c", PROGRAM], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    whole, cut = json.loads(ended.stdout.split("RESULT")[1])
    assert whole["weights"] == [True] * 4 and whole["layers"] == layers and whole["ordered"]
    assert len(whole["optimizer"]) >= 9 and all(whole["optimizer"])
    assert "_CHECKPOINTABLE_OBJECT_GRAPH" in cut["refused"] and "_CHECKPOINTABLE_OBJECT_GRAPH" in cut["damage"]
    assert set(cut["places"]) <= set(cut["damage"])
    assert cut["kept"] == cut["weights"] and len(cut["damage"]) < 20
