"""A live Keras model: its variables by layer, their values, and the Keras that made it."""

import collections
import importlib

import numpy as np

#: a variable of a live model
#:
#: layer : str, the name of the top-level layer; "" for the model's own
#: tail : str, its name inside that layer
#: needed : bool, whether a file must have it: the state of a random generator need not be there
#: variable : the Keras variable
LiveWeight = collections.namedtuple("LiveWeight", "layer tail needed variable")


def keras_of(model):
    """The Keras module that made a model or an optimizer: ``keras``, ``tf_keras`` or ``tensorflow.keras``."""
    roots = [c.__module__.split(".") for c in type(model).__mro__ if c.__module__ != "builtins"]
    for root in roots:
        if root[0] == "tf_keras":
            return importlib.import_module("tf_keras")
        if root[0] == "tensorflow":
            return importlib.import_module("tensorflow").keras
        if root[0] == "keras":
            keras = importlib.import_module("keras")
            return keras if int(keras.__version__.split(".")[0]) > 2 else importlib.import_module("tensorflow").keras
    raise TypeError("%s is not a Keras model" % type(model).__name__)


def version_of_keras(keras):
    """Its version; "2" for the tf.keras of TensorFlow 2.13 to 2.15, which states none."""
    return getattr(keras, "__version__", "2")


def is_keras3(keras):
    return keras.__name__ == "keras" and int(keras.__version__.split(".")[0]) > 2


def live_weights(model):
    """[LiveWeight] of a model in the order of its layers."""
    listed, seen = [], set()
    for layer in model.layers:
        needed = {id(v) for v in layer.weights}
        for variable in _of_layer(layer):
            seen.add(id(variable))
            tail = tail_of(live_name(variable), layer.name)
            listed.append(LiveWeight(layer.name, tail, id(variable) in needed, variable))
    for variable in [v for v in model.weights if id(v) not in seen and _has_size(v)]:
        listed.append(LiveWeight("", tail_of(live_name(variable), model.name), True, variable))
    return listed


def _of_layer(layer):
    """The variables of a layer as files list them: trainable ones first, the states of random generators last."""
    weights = [v for v in list(layer.trainable_weights) + list(layer.non_trainable_weights) if _has_size(v)]
    known = {id(v) for v in weights} | {id(v) for v in getattr(layer, "metrics_variables", ())}
    others = [v for v in layer.variables if id(v) not in known and _has_size(v) and hasattr(v, "path")]
    return weights + others


def _has_size(variable):
    """Whether this is a variable of a known shape: a lookup table is none, and boundaries of bins may have no size."""
    shape = getattr(variable, "shape", None)
    rank = getattr(shape, "rank", 0) if shape is not None else None
    return rank is not None and all(dimension is not None for dimension in tuple(shape))


def live_name(variable):
    """``dense/kernel``, without TensorFlow's ``:0``."""
    name = getattr(variable, "path", None) or variable.name
    return name[:-2] if name.endswith(":0") else name


def tail_of(name, layer):
    """A variable's name inside its layer: the part after the layer's own name, if the name has it."""
    parts = name.split("/")
    if layer in parts[:-1]:
        return "/".join(parts[parts.index(layer) + len(layer.split("/")) :])
    return name


def live_value(variable):
    """The value as a NumPy array."""
    keras = _module(variable)
    if hasattr(variable, "numpy") and getattr(keras, "executing_eagerly", lambda: True)():
        return np.array(variable.numpy())
    if hasattr(variable, "path"):
        return np.array(importlib.import_module("keras").ops.convert_to_numpy(variable))
    return np.array(_backend_of_session().get_value(variable))


def live_assign(variable, value):
    """Give a variable a value of its own shape; it is cast to the variable's dtype."""
    if hasattr(variable, "path") or getattr(_module(variable), "executing_eagerly", lambda: True)():
        variable.assign(value)
    else:
        _backend_of_session().set_value(variable, value)


def _module(variable):
    """TensorFlow, for one of its variables; None for a variable of Keras 3."""
    return None if hasattr(variable, "path") else importlib.import_module("tensorflow")


def _backend_of_session():
    return importlib.import_module("tensorflow").compat.v1.keras.backend
