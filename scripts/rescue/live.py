"""A live Keras model: its variables by layer, and its optimizer's variables by slot."""

import collections
import importlib

import numpy as np

from rescue.slots import slot_named, slot_of_list, whole_named

#: a variable of a live model
#:
#: layer : str, the name of the top-level layer; "" for the model's own
#: tail : str, its name inside that layer
#: needed : bool, whether a file must have it: the state of a random generator need not be there
#: variable : the Keras variable
LiveWeight = collections.namedtuple("LiveWeight", "layer tail needed variable")

#: a variable of a live optimizer
#:
#: slot : str, "momentum", or "iteration" for a variable of the whole optimizer
#: weight : int or None, the position of its weight among the optimizer's trainable weights
#: depth : int, 0; 1 for the optimizer inside a LossScaleOptimizer
LiveSlot = collections.namedtuple("LiveSlot", "slot weight depth variable")


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


def usable_optimizer(model):
    """The optimizer of a compiled model, with its variables created; None if the model is not compiled.

    Keras 3's load_model of an HDF5 file marks an optimizer without slots as built, so that training raises; and one
    that was built before weights were frozen has slots for others. Then a new one with its arguments takes its place.
    """
    optimizer, weights = getattr(model, "optimizer", None), model.trainable_weights
    if optimizer is None:
        return None
    create_slots(optimizer, weights)
    own = getattr(inner_of(optimizer) or optimizer, "_trainable_variables", None)
    if own is not None and [id(v) for v in own] != [id(v) for v in weights]:
        optimizer = type(optimizer).from_config(optimizer.get_config())
        create_slots(optimizer, weights)
    return optimizer


def create_slots(optimizer, weights):
    """Create the optimizer's variables, as the first step of training does."""
    if hasattr(type(optimizer), "build"):
        if not getattr(optimizer, "built", False) and not getattr(optimizer, "_built", False):
            optimizer.build(weights)
    elif inner_of(optimizer) is not None:
        create_slots(inner_of(optimizer), weights)
    elif hasattr(optimizer, "_create_all_weights"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer._create_all_weights(weights)
    elif hasattr(optimizer, "_create_slots"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer.iterations  # noqa: B018 - creates the counter
            getattr(optimizer, "_create_hypers", list)()
            optimizer._create_slots(weights)


def inner_of(optimizer):
    """The optimizer inside a LossScaleOptimizer, or None."""
    return getattr(optimizer, "inner_optimizer", None) or getattr(optimizer, "_optimizer", None)


def live_slots(optimizer, weights, depth=0):
    """[LiveSlot] of an optimizer in the order of its variables, those of an inner one included."""
    if inner_of(optimizer) is None and hasattr(optimizer, "get_slot_names"):
        found = _slots_before_2_11(optimizer, weights, depth)
    else:
        found = _slots_by_attribute(optimizer, weights, depth)
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    order = {id(v): place for place, v in enumerate(variables)}
    inner = inner_of(optimizer)
    nested = live_slots(inner, weights, depth + 1) if inner is not None else []
    taken = {id(slot.variable) for slot in nested}
    found = [slot for slot in found if id(slot.variable) not in taken] + _loss_scale(optimizer, depth) + nested
    return sorted(found, key=lambda slot: order.get(id(slot.variable), len(order)))


def _loss_scale(optimizer, depth):
    """Keras 2's LossScaleOptimizer keeps its scale and its counter in an object of its own."""
    kept = getattr(getattr(optimizer, "_loss_scale", None), "_weights", None)
    listed = sorted(kept.items(), key=str) if isinstance(kept, dict) else []  # {(name, graph): variable}
    return [LiveSlot(whole_named(key[0]), None, depth, variable) for key, variable in listed]


def _slots_before_2_11(optimizer, weights, depth):
    """An OptimizerV2 names its slots, and gives the variable of each."""
    slots = [
        LiveSlot(slot_named(name, type(optimizer).__name__), place, depth, optimizer.get_slot(weight, name))
        for name in optimizer.get_slot_names()
        for place, weight in enumerate(weights)
    ]
    listed = {id(slot.variable) for slot in slots}
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    whole = [v for v in variables if id(v) not in listed]
    return slots + [LiveSlot(whole_named(live_name(v).split("/")[-1]), None, depth, v) for v in whole]


def _slots_by_attribute(optimizer, weights, depth):
    """Optimizers since 2.11 keep a slot as an attribute, a list with one variable for each trainable weight."""
    found, skipped = [], ("_variables", "_trainable_variables", "_inner_optimizer", "inner_optimizer", "_optimizer")
    for attribute, value in vars(optimizer).items():
        if attribute in skipped or attribute.startswith("_self_"):
            continue
        if _is_variable(value):
            found.append(LiveSlot(whole_named(attribute.lstrip("_")), None, depth, value))
        elif isinstance(value, (list, tuple)) and len(value) == len(weights):
            slot = slot_of_list(attribute)
            found += [LiveSlot(slot, place, depth, v) for place, v in enumerate(value) if _is_variable(v)]
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    listed = {id(v) for v in variables}
    untracked = ("u_product",)  # Keras 2's Nadam reads it in each step and lists it nowhere
    return [s for s in found if id(s.variable) in listed or s.slot in untracked]


def _is_variable(value):
    return hasattr(value, "assign") and hasattr(value, "shape") and not callable(getattr(value, "from_config", None))
