"""Keras with eager execution: Keras 3, and Keras 2 since TensorFlow 2."""

from roundtrip import describe as description
from roundtrip import state, training

build = training.build
fit = training.fit
capture = state.capture
describe = description.describe


def start(rt):
    """Turn eager execution on, which TensorFlow 1 must be asked for, and before it was asked for anything else.

    https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/enable_eager_execution
    """
    rt.v1.enable_eager_execution()


def predict(rt, model, data):
    return training.predict(model, data)


def evaluate(rt, model, data):
    return training.evaluate(rt, model, data)
