"""Run by test_strangers inside an environment, in the sandbox and without: loads an artifact as users do, and calls it.

    python tests/loading.py PATH OUT

Leaves in OUT what it got: outputs and weights, as bytes, or the error.
"""

import os
import sys

import numpy as np
import tensorflow as tf

PATH, OUT = sys.argv[1:]
X = np.ones((1, 2), "float32")


def keras_model(keras):
    model = keras.models.load_model(PATH, compile=False)
    return [np.asarray(model(X)), *map(np.asarray, model.weights)]


def saved_model():
    model = tf.saved_model.load(PATH)
    results = model.signatures["serving_default"](x=tf.constant(X))
    return [value.numpy() for value in results.values()]


def frozen_graph():
    graph_def = tf.compat.v1.GraphDef()
    with open(PATH, "rb") as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        with tf.compat.v1.Session(graph=graph) as session:
            return [session.run("y:0", {"x:0": X})]


def load():
    if os.path.isdir(PATH) and "lambda" not in PATH:
        return saved_model()
    if PATH.endswith(".pb"):
        return frozen_graph()
    import keras
    import tf_keras

    return keras_model(keras if PATH.endswith(".keras") else tf_keras)


try:
    content = b"\n".join(v.tobytes() if isinstance(v, np.ndarray) else bytes(v) for v in load())
    name = "loaded"
except Exception as error:
    name, content = "error", f"{type(error).__name__}: {error}".encode()
with open(os.path.join(OUT, name), "wb") as f:
    f.write(content)
