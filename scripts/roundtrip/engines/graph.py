"""Keras 2 in TensorFlow 1's way: a graph that is built first, and a session that runs it.

Nothing here runs the session before training does: large model support can change only what no session has
run yet (docs/large_model_support.md), so a harness that ran it would decide the result.
"""

import functools

from roundtrip import describe as description
from roundtrip import state, training
from roundtrip.lms import trace

fit = training.fit
describe = description.describe


def start(rt):
    """Turn eager execution off, and let ``optimizers.Adam`` mean one that a graph can train with.

    Keras 2.11 replaced its optimizers by eager ones, and moved those before to ``optimizers.legacy``:
    https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/optimizers/legacy/Adam
    """
    v1(rt).disable_eager_execution() if hasattr(v1(rt), "disable_eager_execution") else None
    legacy = getattr(rt.keras.optimizers, "legacy", None)
    if legacy is not None:
        rt.keras = Over(rt.keras, optimizers=Over(rt.keras.optimizers, **public(legacy)))


def v1(rt):
    """TensorFlow's interface of version 1: ``tf.compat.v1`` where there is one."""
    return rt.tf.compat.v1 if hasattr(rt.tf, "compat") and hasattr(rt.tf.compat, "v1") else rt.tf


class Over(object):
    """A module with some of its attributes replaced."""

    def __init__(self, module, **attributes):
        self.__dict__.update(attributes)
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)


def public(module):
    return {name: value for name, value in vars(module).items() if not name.startswith("_") and callable(value)}


def build(rt, module, data, seed):
    return training.build(rt, module, data, seed, functools.partial(initialise, rt))


def initialise(rt, variable, value):
    """Make a value the variable's initial one; it gets it when the session initialises its variables.

    Assigning it would run the session.
    """
    with variable.graph.as_default(), rt.tf.control_dependencies(None):
        variable._initializer_op = v1(rt).assign(variable, rt.tf.constant(value)).op


def predict(rt, model, data):
    return training.predict(model, data)


def evaluate(rt, model, data):
    """{name: value}; in this mode ``evaluate`` gives a list, and the loss alone where there is no metric."""
    inputs, targets = data.test
    values = model.evaluate(inputs, targets, batch_size=training.BATCH_SIZE, verbose=0)
    values = values if isinstance(values, (list, tuple)) else [values]
    return {name: float(value) for name, value in zip(model.metrics_names, values)}


def capture(rt, model):
    """The variables' values in Keras' session, which initialises what is not initialised yet."""
    return state.capture(rt, model, rt.keras.backend.batch_get_value)


def executed(rt, model, data):
    """The names of the nodes that one more training step executes (it changes the model)."""
    return trace.training_step(rt, model, data)
