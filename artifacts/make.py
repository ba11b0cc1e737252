"""Make the artifacts in this folder again: a small one of each kind that `artifacts` in a configuration accepts.

    results/environments/tf2.21/venv/bin/python artifacts/make.py [--out artifacts]

They are examples of files without any further information; config/artifacts.example.yaml reads them by every route.
COMPUTES states in NumPy, without TensorFlow, what each artifact computes: the configuration expects these values. Each
run writes the same bytes (tests/test_tf1.py).
"""

import argparse
import os
import shutil
import sys

import numpy as np

#: the line of least squares through these points is the regression's
POINTS = np.array([[1.0, 1.3], [2.0, 1.6], [3.0, 1.5], [4.0, 2.0], [5.0, 2.1]])
SLOPE, INTERCEPT = np.polyfit(POINTS[:, 0], POINTS[:, 1], 1).astype("float32")
KERNELS = [np.array([[0.5, -1.0, 0.25], [1.5, 0.75, -0.5]], "float32"), np.array([[1.0], [-2.0], [0.5]], "float32")]
BIASES = [np.array([0.125, -0.25, 0.5], "float32"), np.array([0.75], "float32")]

#: artifact -> what it computes, from and to NumPy arrays by name
COMPUTES = {
    "half_plus_two": lambda x: {"y": x / 2 + 2},
    "addition": lambda x, y: {"z": x + y},
    "regression": lambda X: {"pred": SLOPE * X + INTERCEPT},
    "network": lambda features: {"estimate": np.tanh(features @ KERNELS[0] + BIASES[0]) @ KERNELS[1] + BIASES[1]},
}


def half_plus_two(v1, folder):
    """A SavedModel of TensorFlow 1: two variables, one signature."""
    x = v1.placeholder("float32", [None, 1], name="x")
    y = v1.add(v1.multiply(v1.get_variable("a", initializer=0.5), x), v1.get_variable("b", initializer=2.0), name="y")
    with initialised(v1) as session:
        v1.saved_model.simple_save(session, os.path.join(folder, "half_plus_two_saved_model"), {"x": x}, {"y": y})


def addition(v1, folder):
    """A frozen graph: two scalars and their sum."""
    v1.add(v1.placeholder("float32", [], name="x"), v1.placeholder("float32", [], name="y"), name="z")
    write(folder, "addition_frozen.pb", v1.get_default_graph().as_graph_def())


def regression(v1, folder):
    """A checkpoint with its MetaGraph, and the same as a frozen graph."""
    x = v1.placeholder("float32", [None], name="X")
    weight = v1.get_variable("weight", initializer=SLOPE)
    v1.add(v1.multiply(x, weight), v1.get_variable("bias", initializer=INTERCEPT), name="pred")
    with initialised(v1) as session:
        place = os.path.join(folder, "regression_checkpoint", "model")
        v1.train.Saver(save_relative_paths=True).save(session, place)
        graph = v1.get_default_graph().as_graph_def()
        write(folder, "regression_frozen.pb", v1.graph_util.convert_variables_to_constants(session, graph, ["pred"]))


def network(folder):
    """A Keras 2 model with its weights, never compiled, as HDF5."""
    import tf_keras

    layers = tf_keras.layers
    model = tf_keras.Sequential([layers.Dense(3, "tanh", name="hidden"), layers.Dense(1, name="estimate")], "network")
    model.build((None, 2))
    model.set_weights([KERNELS[0], BIASES[0], KERNELS[1], BIASES[1]])
    model.save(os.path.join(folder, "network.h5"))


def initialised(v1):
    session = v1.Session()
    session.run(v1.global_variables_initializer())
    return session


def write(folder, name, message):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(message.SerializeToString(deterministic=True))


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)), metavar="DIR")
    out = p.parse_args(argv).out
    for name in ("half_plus_two_saved_model", "regression_checkpoint"):
        shutil.rmtree(os.path.join(out, name), ignore_errors=True)
    import tensorflow as tf

    v1 = tf.compat.v1
    for make in (half_plus_two, addition, regression):
        with v1.Graph().as_default():
            make(v1, out)
    network(out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
