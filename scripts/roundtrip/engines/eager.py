"""Keras with eager execution: Keras 3, and Keras 2 since TensorFlow 2."""

from roundtrip import describe as description
from roundtrip import state, training

build = training.build
fit = training.fit
capture = state.capture
describe = description.describe


def start(rt):
    pass


def predict(rt, model, data):
    return training.predict(model, data)


def evaluate(rt, model, data):
    return training.evaluate(model, data)
