"""Keras with eager execution: Keras 3, and Keras 2 since TensorFlow 2."""

from roundtrip import describe as description
from roundtrip import layer_names, state, training

build = training.build
fit = training.fit
describe = description.describe


def start(rt):
    """Turn eager execution on, which TensorFlow 1 must be asked for, and before it was asked for anything else.

    https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/enable_eager_execution
    """
    rt.v1.enable_eager_execution()


def prepare(rt, model):
    """Make the variables of an optimizer before Keras 2.11, and with them arrives what a checkpoint holds for them.

    They appear when gradients are first applied, and nothing public makes them earlier:
    https://github.com/tensorflow/tensorflow/blob/v2.4.4/tensorflow/python/keras/optimizer_v2/optimizer_v2.py#L601
    """
    optimizer = getattr(model, "optimizer", None)
    if not hasattr(optimizer, "_create_slots"):
        return
    with rt.v1.name_scope(optimizer._name):
        if hasattr(optimizer, "_create_all_weights"):
            optimizer._create_all_weights(model.trainable_weights)
        else:
            optimizer.iterations  # noqa: B018 - makes the counter
            getattr(optimizer, "_create_hypers", list)()
            optimizer._create_slots(model.trainable_weights)


def predict(rt, model, data):
    return training.predict(model, data)


def evaluate(rt, model, data):
    return training.evaluate(rt, model, data)


def capture(rt, model):
    """Every variable; TensorFlow 1 builds a functional model in a graph, and numbers equal names, in eager mode too."""
    captured = state.capture(rt, model)
    return layer_names.named(model, captured) if rt.version < (2,) else captured
