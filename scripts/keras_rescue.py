"""Bring back into a Keras model what a saved file holds and its loader left there.

    import keras_rescue
    report = keras_rescue.rescue(model, "old.h5")     # the model that you built, or that Keras loaded
    print(report)

    python keras_rescue.py convert old.h5 new.keras   # a file that the newer Keras reads by itself

Copy this one file into your project. It needs Keras, NumPy and h5py, and TensorFlow for TensorFlow's checkpoints.
What it can do and what it refuses: docs/rescue.md of keras-roundtrip, whose matrix runs this file on every model.

``make docs`` of keras-roundtrip joins this file from scripts/rescue/: edit the modules there.
"""

import argparse
import collections
import contextlib
import functools
import importlib
import importlib.util
import inspect
import json
import os
import re
import sys
import h5py
import numpy as np


# -- held: What a file holds, as its reader found it: weights, the optimizer's variables, the stated configs.

#: a weight, or another variable of a layer (a seed, a counter)
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "dense/kernel"
#: layer : tuple of str, the names of its layer and of the models around it, outermost first; () if the file is silent
#: value : NumPy array
Weight = collections.namedtuple("Weight", "path name layer value")

#: a variable of the optimizer
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "Adam/dense/kernel/m"
#: slot : str or None, the name of the slot, if the file states it apart from the name: "m"
#: of : str or None, the ``path`` of the weight that the slot belongs to, if the file states it apart from the name
#: value : NumPy array
Variable = collections.namedtuple("Variable", "path name slot of value")


class Unreadable(Exception):
    """The file, or a part of it, cannot be read; the message says which part and why."""


class Held(object):
    """The contents of one file or folder.

    Attributes
    ----------
    source : str
    kind : str, "whole HDF5 file", "archive", "weights", "checkpoint", "SavedModel", ...
    keras : str or None, the version of Keras that wrote it, if the file states it
    config : dict or None, the model's config: {"class_name", "config"}
    compiled : dict or None, the stated compile arguments: "optimizer_config" (Keras 2's and HDF5's key) or "optimizer",
        "loss", "metrics", ...
    weights : list of Weight
        In the order of the model's layers if ``ordered``.
    ordered : bool, whether the order of ``weights`` is known to be that of the model's layers
    optimizer : list of Variable
        In the order of ``optimizer.variables``. [] if the file holds none.
    inner : list of Variable
        Those of the optimizer around which a LossScaleOptimizer lies; ``optimizer`` holds the outer ones then.
    facts : dict
        Other stated facts by name: "epoch" of BackupAndRestore.
    damage : list of (path, reason), what could not be read. Only a reader called with ``damaged=True`` fills it; any
        other raises Unreadable.
    """

    def __init__(self, source, kind):
        self.source, self.kind, self.keras = source, kind, None
        self.config = self.compiled = None
        self.weights, self.ordered = [], False
        self.optimizer, self.inner = [], []
        self.facts, self.damage = {}, []


# -- slots: The names of an optimizer's variables: Keras versions give the same variable different names, or none.

#: a slot's other names -> its name in Keras 3
SLOTS = {
    "m": "momentum",  # Adam and its relatives; SGD since 2.11
    "v": "velocity",
    "vhat": "velocity_hat",
    "u": "norm",  # Adamax
    "rms": "velocity",  # RMSprop before 2.11
    "mg": "average_gradient",
    "accum_grad": "accumulated_grad",  # Adadelta before 2.11
    "accum_var": "accumulated_delta_var",
}
#: a variable of the whole optimizer: its other names -> its name in Keras 3
WHOLE = {
    "iter": "iteration",
    "iterations": "iteration",
    "current_loss_scale": "dynamic_scale",
    "good_steps": "step_counter",
}
#: more of them, which only this program compares: Keras 3's Nadam calls its running product "variable"
PRODUCT = {"momentum_cache": "u_product", "variable": "u_product"}
#: optimizer class -> the slots that TensorFlow 1.13 creates without names, in order, by their names in 1.14; each slot
#: is created for every trainable weight before the next one
NAMELESS = {
    "SGD": ("momentum",),
    "RMSprop": ("rms",),
    "Adagrad": ("accumulator",),
    "Adadelta": ("accum_grad", "accum_var"),
    "Adam": ("m", "v", "vhat"),
    "Adamax": ("m", "v"),
    "Nadam": ("m", "v"),
}
#: an attribute of a live optimizer that lists one variable for each trainable weight -> the slot, where the name of the
#: slot is not that of the attribute in the singular
LISTS = {
    "m": "momentum",
    "u": "norm",
    "v": "velocity",
    "velocities": "velocity",
    "adam_velocities": "velocity",
    "model_variables_moving_average": "average",
    "accumulated_gradients": "gradient_accumulator",
}
#: optimizers of Keras whose slots of these names hold sums of squares, or largest absolute values, never below zero
SQUARES = ("Adam", "AdamW", "Nadam", "Adamax", "Lamb", "RMSprop", "Adadelta", "Muon", "ScheduleFreeAdamW")
NEVER_NEGATIVE = ("velocity", "velocity_hat", "norm", "accumulated_grad", "accumulated_delta_var")


def slot_of_list(attribute):
    """The slot that an optimizer's attribute lists: ``_momentums`` is ``momentum``."""
    bare = attribute.lstrip("_")
    return LISTS.get(bare, bare[:-1] if bare.endswith("s") and len(bare) > 2 else bare)


def slot_named(slot, optimizer):
    """The name in Keras 3 of a slot. Before 2.11, Adamax calls its infinity norm ``v``, as Adam calls its velocity."""
    if slot == "v" and optimizer == "Adamax":
        return "norm"
    return SLOTS.get(slot, slot)


def split_name(name, weights, optimizer):
    """(slot, weight) of a variable's name; (name of the whole optimizer's variable, None) if no weight is named.

    Parameters
    ----------
    name : str, e.g. ``Adam/m/dense/kernel``
    weights : iterable of str, the names of the trainable weights: ``dense/kernel``
    optimizer : str, the optimizer's class
    """
    for weight in sorted(weights, key=len, reverse=True):
        stem = "[/_]".join(map(re.escape, weight.split("/")))
        match = re.match("(?:(.*)[/_])?%s(?:[/_](.*))?$" % stem, name)
        if match and (match.group(1) or match.group(2)):
            slot = match.group(2) or match.group(1).split("/")[-1]
            return slot_named(slot, optimizer), weight
    last = re.sub(r"(_\d+)?$", "", name.split("/")[-1]) if "variable" in name else name.split("/")[-1]
    return whole_named(last), None


def whole_named(name):
    """The name in Keras 3 of a variable of the whole optimizer."""
    return WHOLE.get(name, PRODUCT.get(name, name))


def nameless(name):
    """Whether a name says nothing: ``training/Adam/Variable_3``."""
    return name is None or re.search(r"(^|/)Variable(_\d+)?$", name) is not None


# -- live: A live Keras model: its variables by layer, and its optimizer's variables by slot.

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
    for variable in [v for v in model.weights if id(v) not in seen and hasattr(v, "shape")]:
        listed.append(LiveWeight("", tail_of(live_name(variable), model.name), True, variable))
    return listed


def _of_layer(layer):
    """The variables of a layer as files list them: trainable ones first, the states of random generators last."""
    weights = [v for v in list(layer.trainable_weights) + list(layer.non_trainable_weights) if hasattr(v, "shape")]
    known = {id(v) for v in weights} | {id(v) for v in getattr(layer, "metrics_variables", ())}
    others = [v for v in layer.variables if id(v) not in known and hasattr(v, "shape") and hasattr(v, "path")]
    return weights + others


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


# -- layers: Which layer of the file is which layer of the model, and which weight inside it is which.

class Refused(Exception):
    """The file does not fit the model, or its parts could be confused; nothing was changed."""


#: how a name that Keras makes up looks: the class in snake case and a number. It identifies nothing by itself
MADE_UP = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*?(_\d+)?$")


def pairs_by_layers(held, lives):
    """[(Weight, LiveWeight)] by the layers' names, or by their order where Keras made the names up. Raises Refused."""
    files, models = _grouped(held.weights, lambda w: _layer_of(w, lives)), _grouped(lives, lambda w: w.layer)
    files = {name: group for name, group in files.items() if _counts(group)}
    models = {name: group for name, group in models.items() if any(w.needed for w in group)}
    names = _pair_layers(files, models, held)
    return [pair for ours, theirs in names for pair in _inside(ours, files[ours], models[theirs], theirs)]


def _grouped(items, key):
    groups = collections.OrderedDict()
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _layer_of(weight, lives):
    """The name of the top-level layer of a file's weight; from the variable's name if the file does not state it."""
    if weight.layer:
        return weight.layer[0]
    known = {w.layer for w in lives}
    parts = (weight.name or weight.path).split("/")
    named = [part for part in parts[:-1] if part in known]
    return named[0] if named else ("" if len(parts) == 1 or "" in known else parts[0])


def _counts(group):
    """Whether a group of the file has a weight, and not the state of a random generator alone."""
    return any("seed" not in w.path for w in group)


def _pair_layers(files, models, held):
    """[(layer of the file, layer of the model)]. Raises Refused if names and order leave it open."""
    if set(files) == set(models):
        _check_order(files, models, held)
        return [(name, name) for name in files]
    if not held.ordered:
        raise Refused("the layers of the file and of the model have other names, and %s" % _difference(files, models))
    if len(files) != len(models):
        raise Refused("the file has %d layers with weights, the model %d: %s"
                      % (len(files), len(models), _difference(files, models)))  # fmt: skip
    for ours, theirs in zip(files, models):
        if ours != theirs and not (_stem(ours) == _stem(theirs) and _made_up(ours, held)):
            raise Refused(
                "the layer %r of the file would be %r of the model: %s" % (ours, theirs, _difference(files, models))
            )
        if sorted(_shapes(files[ours])) != sorted(_shapes(models[theirs])):
            raise Refused("the layer %r of the file has the shapes %s, %r of the model has %s"
                          % (ours, _shapes(files[ours]), theirs, _shapes(models[theirs])))  # fmt: skip
    return list(zip(files, models))


def _check_order(files, models, held):
    """Equal names are not enough where Keras made them up: there, the order must agree too."""
    ours = [name for name in files if _made_up(name, held)]
    theirs = [name for name in models if name in ours]
    if held.ordered and ours != theirs:
        for one, other in zip(ours, theirs):
            if one != other and _stem(one) == _stem(other) and _shapes(files[one]) == _shapes(files[other]):
                raise Refused(
                    "the file has the layers %s in this order, the model has %s. The shapes are equal and the names "
                    "were made up by Keras, so the layers could be swapped" % (", ".join(ours), ", ".join(theirs))
                )


def _stem(name):
    return re.sub(r"_\d+$", "", name)


def _made_up(name, held):
    """Whether Keras made up a layer's name: it is the class of the layer in snake case, with or without a number."""
    class_ = layer_classes(held.config).get(name)
    if class_ is None:
        return bool(MADE_UP.match(name))
    snake = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_.split(">")[-1])
    return _stem(name) == re.sub(r"([a-z])([A-Z])", r"\1_\2", snake).lower()


def layer_classes(config):
    """{name: class} of the layers that a model's config lists at the top."""
    inner = (config or {}).get("config")
    layers = inner.get("layers", []) if isinstance(inner, dict) else inner if isinstance(inner, list) else []
    named = [layer for layer in layers if isinstance(layer, dict) and isinstance(layer.get("config"), dict)]
    return {layer["config"].get("name"): str(layer.get("class_name")) for layer in named}


def _difference(files, models):
    ours, theirs = [n for n in files if n not in models], [n for n in models if n not in files]
    parts = ["only the file has " + ", ".join(map(repr, ours[:4]))] if ours else []
    parts += ["only the model has " + ", ".join(map(repr, theirs[:4]))] if theirs else []
    return "; ".join(parts) or "the names are the same"


def _shapes(group):
    values = [w.value if hasattr(w, "value") else w.variable for w in group if not _is_seed(w)]
    return [tuple(int(d) for d in v.shape) for v in values]


def _is_seed(weight):
    return "seed" in weight.path if hasattr(weight, "path") else not weight.needed


def _inside(layer, ours, theirs, other):
    """The pairs inside one layer: by name, and what is left by order if the shapes in order are equal."""
    tails = [tail_of(w.name or w.path, layer) for w in ours]
    by_tail = {w.tail: w for w in theirs if [t.tail for t in theirs].count(w.tail) == 1}
    pairs = [(w, by_tail[t]) for w, t in zip(ours, tails) if t in by_tail and tails.count(t) == 1]
    pairs = [(w, live) for w, live in pairs if weight_fits(w, live)]
    taken = {id(part) for pair in pairs for part in pair}
    left = [w for w in ours if id(w) not in taken], [w for w in theirs if id(w) not in taken]
    plain = [w for w in left[0] if not _is_seed(w)], [w for w in left[1] if w.needed]
    if _shapes(plain[0]) != _shapes(plain[1]):
        raise Refused(
            "in the layer %r, the file has %s and the model has %s"
            % (other, _listed(plain[0], _shapes(plain[0])), _listed(plain[1], _shapes(plain[1])))
        )
    return pairs + list(zip(*plain))


def _listed(weights, shapes):
    names = [w.tail if hasattr(w, "tail") else w.name or w.path for w in weights]
    return ", ".join("%s %s" % pair for pair in zip(names, shapes)) or "nothing more"


def weight_fits(weight, live):
    return tuple(weight.value.shape) == tuple(int(d) for d in live.variable.shape)


# -- compiled: What a file states of ``compile``, in the words of the Keras that is to have it: optimizer, losses, metrics.

#: an argument's old name -> its present name
ARGUMENTS = {"lr": "learning_rate"}
#: arguments that say nothing of a step's result
WITHOUT_EFFECT = ("is_legacy_optimizer", "jit_compile", "name")
#: the decay that Keras before 2.11 states for Nadam is its momentum schedule's, which later versions have built in
NADAM_DECAY = 0.004


def stated_optimizer(held):
    """(class, config) of the file's optimizer; None if the file states none."""
    compiled = held.compiled or {}
    stated = compiled.get("optimizer_config") or compiled.get("optimizer")
    if isinstance(stated, str):
        return stated, {}
    if not isinstance(stated, dict) or not stated.get("class_name"):
        return None
    return bare_class(stated["class_name"]), dict(stated.get("config") or {})


def bare_class(name):
    """``Custom>Adam`` and ``keras.optimizers>Adam`` are ``Adam``; LossScaleOptimizerV3 is LossScaleOptimizer."""
    name = str(name).split(">")[-1]
    return "LossScaleOptimizer" if name.startswith("LossScaleOptimizer") else name


def inner_stated(stated):
    """(class, config) of the optimizer in a LossScaleOptimizer; ``stated`` itself for any other."""
    inner = stated and stated[1].get("inner_optimizer")
    return (bare_class(inner["class_name"]), dict(inner.get("config") or {})) if inner else stated


def make_optimizer(keras, stated, custom_objects, notes):
    """A new optimizer of this Keras with the file's class and arguments.

    Arguments that this Keras does not have are told in ``notes`` if they had an effect. Raises ValueError if it has no
    such class.
    """
    name, config = stated
    if name == "LossScaleOptimizer":
        inner = make_optimizer(keras, inner_stated(stated), custom_objects, notes)
        class_ = keras.optimizers.LossScaleOptimizer if is_keras3(keras) else keras.mixed_precision.LossScaleOptimizer
        own = {key: config[key] for key in ("initial_scale", "dynamic_growth_steps") if config.get(key) is not None}
        return class_(inner, **own)
    class_ = (custom_objects or {}).get(name) or getattr(keras.optimizers, name, None)
    if class_ is None:
        found = keras.optimizers.get({"class_name": name, "config": config})
        return found
    return class_(**arguments_for(class_, config, keras, custom_objects, notes))


def arguments_for(class_, config, keras, custom_objects, notes):
    """The file's arguments as the class takes them."""
    taken = _taken(class_)
    given = {ARGUMENTS.get(key, key): value for key, value in config.items()}
    given["learning_rate"] = _rate(given, class_.__name__, keras, custom_objects, notes)
    if given["learning_rate"] is None:
        del given["learning_rate"]
    if not given.get("use_ema"):
        given = {key: value for key, value in given.items() if not key.startswith("ema_")}
    unknown = sorted(key for key in given if key not in taken and key not in WITHOUT_EFFECT and given[key] is not None)
    for key in unknown:
        if key not in ("decay", "schedule_decay", "use_ema", "weight_decay", "amsgrad", "centered") or given[key]:
            if key not in ("decay", "schedule_decay"):
                notes.append(
                    "the optimizer's argument %s=%r: %s has no such argument" % (key, given[key], class_.__name__)
                )
    return {key: value for key, value in given.items() if key in taken and not (value is None and key == "epsilon")}


def _taken(class_):
    """The names of the arguments of a class and of its base classes that pass them on."""
    names = set()
    for base in class_.__mro__[:-1]:
        if "__init__" in vars(base):
            parameters = inspect.signature(base.__init__).parameters.values()
            names |= {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
            if not any(p.kind == p.VAR_KEYWORD for p in parameters):
                break
    return (names - {"self", "name"}) | {"name"}


def _rate(given, class_, keras, custom_objects, notes):
    """The learning rate: a number, or a schedule. An old ``decay`` is a schedule too."""
    rate, decay = given.get("learning_rate"), given.get("decay") or 0.0
    if isinstance(rate, dict):
        inner = {"class_name": str(rate["class_name"]).split(">")[-1], "config": dict(rate.get("config") or {})}
        named = (custom_objects or {}).get(inner["class_name"])
        if named is not None:
            return named.from_config(inner["config"])
        return keras.optimizers.schedules.deserialize(inner, custom_objects=custom_objects)
    if class_ == "Nadam":
        decay = 0.0 if abs(decay - NADAM_DECAY) < 1e-6 else decay
    if decay and rate is not None:
        notes.append("decay=%r is now the schedule InverseTimeDecay, which computes the same rates" % decay)
        return keras.optimizers.schedules.InverseTimeDecay(rate, 1, decay)
    return rate


def differing_arguments(optimizer, wanted):
    """["learning_rate: 0.001, the file says 0.01"]: where two optimizers of this Keras differ in class or arguments."""
    if type(optimizer).__name__ != type(wanted).__name__:
        return ["the class: %s, the file says %s" % (type(optimizer).__name__, type(wanted).__name__)]
    own, other = _plain(optimizer.get_config()), _plain(wanted.get_config())
    keys = [key for key in other if key in own and key not in WITHOUT_EFFECT and own[key] != other[key]]
    if not other.get("use_ema"):
        keys = [key for key in keys if not key.startswith("ema_")]
    return ["%s: %r, the file says %r" % (key, own.get(key), other[key]) for key in sorted(keys)]


def _plain(value):
    """Numbers as float32, which computations use; containers as plain ones."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key not in ("module", "registered_name")}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (int, float, np.generic)) and not isinstance(value, bool):
        return float(np.float32(value))
    return value


def compile_arguments(held, keras, custom_objects):
    """The arguments of ``compile`` beside the optimizer, as this Keras takes them; None if the file states none."""
    stated = held.compiled
    if not stated or ("loss" not in stated and "metrics" not in stated):
        return None
    objects = dict(custom_objects or {})
    arguments = {"loss": _each(stated.get("loss"), lambda leaf: _loss(leaf, keras, objects))}
    for key in ("metrics", "weighted_metrics"):
        if stated.get(key):
            listed = _each(stated[key], lambda leaf: _metric(leaf, keras, objects))
            nested = isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], list)
            arguments[key] = listed[0] if nested else listed
    for key in ("loss_weights", "run_eagerly", "steps_per_execution", "jit_compile"):
        if stated.get(key):
            arguments[key] = stated[key]
    return arguments


def _each(value, make):
    """A structure of losses or metrics with ``make`` applied to each leaf."""
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _each(inner, make) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each(inner, make) for inner in value]
    return make(value)


def _loss(leaf, keras, objects):
    return _made(leaf, keras.losses, objects)


def _metric(leaf, keras, objects):
    if isinstance(leaf, dict) and bare_class(leaf["class_name"]) == "MeanMetricWrapper":
        config = leaf["config"]
        function = config["fn"]["config"] if isinstance(config["fn"], dict) else config["fn"]
        return keras.metrics.MeanMetricWrapper(
            objects.get(function) or keras.metrics.get(function), name=config["name"]
        )
    return _made(leaf, keras.metrics, objects)


def _made(leaf, module, objects):
    """A loss or metric of a module from its config. Only arguments that its class has are given to it."""
    if not isinstance(leaf, dict):
        return objects.get(leaf, leaf) if isinstance(leaf, str) else leaf
    name, config = bare_class(leaf["class_name"]), leaf.get("config")
    if not isinstance(config, dict):
        return objects.get(config, config)
    class_ = objects.get(name) or objects.get(leaf["class_name"]) or getattr(module, name)
    taken = _taken(class_)
    given = {key: value for key, value in config.items() if key in taken and value is not None}
    if given.get("reduction") == "auto":
        given["reduction"] = "sum_over_batch_size"
    return class_(**given) if "from_config" not in vars(class_) else class_.from_config(given)


# -- flags: Which layers the file says are trainable.

def differing_flags(model, config):
    """[(layer, flag)]: the layers of a live model whose flag is not the one of the file's config.

    Only layers without layers of their own: their flags make up those of the models around them.
    """
    inner = (config or {}).get("config")
    listed = inner.get("layers", []) if isinstance(inner, dict) else inner if isinstance(inner, list) else []
    layers = {layer.name: layer for layer in model.layers}
    found = []
    for stated in listed:
        own = stated.get("config") if isinstance(stated, dict) else None
        layer = layers.get(own.get("name")) if isinstance(own, dict) else None
        if layer is None:
            continue
        if "layers" in own and hasattr(layer, "layers"):
            found += differing_flags(layer, stated)
        elif isinstance(own.get("trainable"), bool) and layer.weights and bool(layer.trainable) != own["trainable"]:
            found.append((layer, own["trainable"]))
    return found


# -- structure: Paths of live variables in the layout of ``.keras``.

def structural_paths(model):
    return {}


# -- match: Which weight of the file belongs to which weight of the model: by name, by order, and by the values they have now.

def match_weights(held, lives, model):
    """[(Weight, LiveWeight)]: each weight of the file with that of the model. Raises Refused.

    Parameters
    ----------
    held : Held
    lives : list of LiveWeight
    model : Keras model
    """
    if all(w.layer or w.name for w in held.weights):
        pairs = pairs_by_layers(held, lives)
    else:
        pairs = _by_structure(held, lives, model)
    _check_shapes(pairs)
    _check_complete(held, pairs, lives)
    _check_values(pairs)
    return pairs


def _by_structure(held, lives, model):
    """By the path that Keras gives a variable in ``.keras`` and ``.weights.h5``: layers/dense_1/vars/0."""
    paths = {id(variable): path for path, variable in structural_paths(model).items()}
    ours = {paths[id(w.variable)]: w for w in lives if id(w.variable) in paths}
    return [(w, ours[w.path]) for w in held.weights if w.path in ours]


def _check_shapes(pairs):
    for weight, live in pairs:
        if not weight_fits(weight, live):
            raise Refused("%s of the file is %s, %s/%s of the model is %s" % (
                weight.path, weight.value.shape, live.layer, live.tail, tuple(live.variable.shape)))  # fmt: skip


def _check_complete(held, pairs, lives):
    """Each weight of the model must be in the file, and each weight of the file in the model."""
    paired = {id(live.variable) for _, live in pairs}
    absent = ["%s/%s" % (w.layer, w.tail) for w in lives if w.needed and id(w.variable) not in paired]
    damaged = bool(held.damage)
    if absent and not damaged:
        raise Refused("the file has no value for %s" % some_of(absent))
    used = {id(w) for w, _ in pairs}
    over = [w.path for w in held.weights if id(w) not in used and w.value.dtype.kind == "f"]
    if over:
        raise Refused("the model has no place for %s" % some_of(over))


def some_of(names):
    return ", ".join(names[:4]) + (" and %d more" % (len(names) - 4) if len(names) > 4 else "")


def _check_values(pairs):
    """If a weight now has the value that the file gives to another one of its shape, the two are swapped."""
    now = [live_value(live.variable) for _, live in pairs]
    same = [_equal(weight.value, value) for (weight, _), value in zip(pairs, now)]
    for place, (weight, _) in enumerate(pairs):
        if same[place] or weight.value.size < 2 or np.all(weight.value == weight.value.flat[0]):
            continue
        for other, value in enumerate(now):
            if other != place and not same[other] and _equal(weight.value, value):
                raise Refused(
                    "the model's %s/%s has the value that the file calls %s: the two layers are swapped, in the file "
                    "or in the model" % (pairs[other][1].layer, pairs[other][1].tail, weight.path)
                )


def _equal(one, other):
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


# -- order: The orders in which optimizers create their variables, for files that give them no names.

#: the variables that one Keras lists, and another computes or keeps elsewhere
NOT_EVERYWHERE = ("learning_rate", "u_product")


def orders_of(slots, keras):
    """[list of keys]: the orders in which versions of Keras create the variables of a live optimizer's class.

    Keras 2 since 2.11 and Keras 3 create the slots in one order; Keras 2 lists no learning rate, and Keras 3 has moved
    Nadam's running product from the front to the end. Found by listing the variables of every class in Keras 2.12,
    2.15, 2.21, 3.3, 3.8 and 3.15.

    Parameters
    ----------
    slots : list of LiveSlot
    keras : str or None, the version that wrote the file
    """
    own = [(s.slot, s.weight, s.depth) for s in slots]
    if (keras or "3").startswith("2"):
        return [[key for key in own if key[0] not in NOT_EVERYWHERE], own]
    moved, product = ([key for key in own if (key[0] == "u_product") == one] for one in (False, True))
    front = 1 + max([place for place, key in enumerate(moved) if key[1] is None] or [-1])
    return [own, moved[:front] + product + moved[front:]]


def order_of_names(optimizer, weights, trainable, held, count):
    """The keys of ``count`` variables named Variable, Variable_1, ...: each slot for all weights, then the next slot.

    Until Keras 2.0.5 the weights are sorted by their names over the whole model, bias before kernel: real files of
    1.2.1 to 2.0.5 have their slots' shapes in that order, and one of 2.0.6 in the order of the layers.

    Parameters
    ----------
    optimizer : str, the optimizer's class
    weights : list of (Weight, position among the trainable weights)
    trainable : int, the number of trainable weights
    held : Held
    """
    ordered = sorted(weights, key=lambda pair: pair[0].name or "") if version_of(held.keras) < (2, 0, 6) else weights
    places = [place for _, place in ordered] if held.ordered else list(range(trainable))
    keys = [(slot_named(slot, optimizer), place, 0) for slot in NAMELESS.get(optimizer, ()) for place in places]
    whole_slots = places and count % len(places) == 0
    return keys[:count] if whole_slots else keys


def version_of(text):
    """(2, 0, 6) of "2.0.6-tf"; the newest possible one if the file states none."""
    numbers = re.findall(r"\d+", text or "")
    return tuple(int(number) for number in numbers[:3]) or (99,)


# -- place: Which variable of the file's optimizer belongs to which variable of the live one: by name, and by position.

#: variables of the whole optimizer that the outer of two nested optimizers has
OF_LOSS_SCALE = ("dynamic_scale", "step_counter")


class Placing(object):
    """Places the optimizer's variables of a file in a live optimizer.

    Parameters
    ----------
    held : Held
    pairs : list of (Weight, LiveWeight)
    slots : list of LiveSlot
    trainable : list, the live optimizer's trainable weights in order
    optimizer : str, the class of the file's optimizer; None if the file does not state it

    Attributes
    ----------
    values : dict, {key: (Variable, "name" or "position")}
    left : list of Variable, those of the file that have no place
    """

    def __init__(self, held, pairs, slots, trainable, optimizer):
        self.held, self.slots, self.trainable = held, slots, trainable
        self.optimizer = optimizer
        self.places = {id(v): place for place, v in enumerate(trainable)}
        self.live = {(s.slot, s.weight, s.depth): s for s in slots}
        self.nested = any(s.depth for s in slots)
        self.weights = [(w, self.places[id(live.variable)]) for w, live in pairs if id(live.variable) in self.places]
        self.values, self.left = {}, []
        by_name, by_position = self._by_name(), self._by_position()
        self._agree(by_name, by_position)
        for variable in held.optimizer + held.inner:
            if variable.value is not None:
                self._place(variable, by_name.get(id(variable)), by_position.get(id(variable)))
        self._check()

    def _by_name(self):
        """{id of a variable: key}; nothing for a name that is not unique, or says nothing."""
        names, keys = {}, {}
        for weight, place in self.weights:
            names.setdefault(weight.name or weight.path, set()).add(place)
        unique = {name: places.pop() for name, places in names.items() if len(places) == 1}
        paths = {weight.path: place for weight, place in self.weights}
        for outer, variables in ((True, self.held.optimizer), (False, self.held.inner)):
            for variable in variables:
                key = self._key(variable, unique, names, paths, outer)
                if key is not None:
                    keys[id(variable)] = key
        return keys if len(set(keys.values())) == len(keys) else self._unique(keys)

    @staticmethod
    def _unique(keys):
        listed = list(keys.values())
        return {name: key for name, key in keys.items() if listed.count(key) == 1}

    def _key(self, variable, unique, names, paths, outer):
        if variable.of is not None:
            if variable.of not in paths:
                return None
            return slot_named(variable.slot, self.optimizer), paths[variable.of], self._depth(None, outer)
        if variable.name is None or nameless(variable.name):
            return None
        slot, weight = split_name(variable.name, names, self.optimizer)
        if weight is None:
            scalar = variable.value is not None and variable.value.ndim == 0
            return (slot, None, self._depth(variable.name, outer, slot)) if scalar else None
        return (slot, unique[weight], self._depth(None, outer)) if weight in unique else None

    def _depth(self, name, outer, slot=None):
        """0, or 1 inside a LossScaleOptimizer: names tell it, or the file's layout."""
        if not self.nested or slot in OF_LOSS_SCALE:
            return 0
        if name is None or not outer or self.held.inner:
            return 0 if outer and self.held.inner else 1
        return 0 if re.match(r"loss_scale_optimizer[^/]*/[^/]*$", name) else 1

    def _by_position(self):
        """{id of a variable: key} by the order in which the class creates its variables; {} if no order fits."""
        listed = self.held.optimizer + self.held.inner
        if any(variable.of is not None for variable in listed):
            return {}
        shaped = [v for v in listed if v.value is not None and v.value.ndim]
        if shaped and all(v.name and nameless(v.name) for v in shaped):
            return self._nameless(listed)
        for order in orders_of(self.slots, self.held.keras):
            if len(order) == len(listed) and all(self._fits(v, key) for v, key in zip(listed, order)):
                return {id(v): key for v, key in zip(listed, order)}
        return {}

    def _nameless(self, listed):
        """{id of a variable: key} of optimizers that give their variables no names."""
        shaped = [v for v in listed if v.value is not None and nameless(v.name)]
        keys = order_of_names(self.optimizer, self.weights, len(self.trainable), self.held, len(shaped))
        fitting = len(keys) == len(shaped) and all(self._fits(v, key) for v, key in zip(shaped, keys))
        return {id(v): key for v, key in zip(shaped, keys)} if fitting else {}

    def _fits(self, variable, key):
        """Whether a variable has the shape of a key's live variable; one without either fits."""
        if variable.value is None or key not in self.live:
            return True
        return tuple(variable.value.shape) == tuple(int(d) for d in self.live[key].variable.shape)

    def _agree(self, by_name, by_position):
        for variable in self.held.optimizer + self.held.inner:
            name, position = by_name.get(id(variable)), by_position.get(id(variable))
            if None in (name, position) or name == position or name not in self.live:
                continue
            if name[1] is not None and self._swappable(name, position):
                raise Refused(
                    "the optimizer's variable %s is in the place of another one of its shape: by its name it is the %s "
                    "of weight %d, by its place in the file it is the %s of weight %s"
                    % (variable.path, name[0], name[1], position[0], position[1])
                )

    def _swappable(self, one, other):
        shapes = [tuple(self.live[key].variable.shape) for key in (one, other) if key in self.live]
        return len(shapes) == 2 and shapes[0] == shapes[1] and self._same_order()

    def _same_order(self):
        """Whether the file's trainable weights stand in the order of the live optimizer's."""
        places = [place for _, place in self.weights]
        return self.held.ordered and places == sorted(places)

    def _place(self, variable, name, position):
        key, how = (name, "name") if name in self.live else (position, "position")
        if key not in self.live or key in self.values:
            self.left.append(variable)
            return
        shape = tuple(int(d) for d in self.live[key].variable.shape)
        if tuple(variable.value.shape) != shape:
            raise Refused("the optimizer's variable %s is %s in the file, %s in the model"
                          % (variable.path, variable.value.shape, shape))  # fmt: skip
        self.values[key] = (variable, how)

    def _check(self):
        """No sum of squares is negative: such a value belongs to another slot. And no slot is there in part."""
        for (slot, weight, _), (variable, _) in self.values.items():
            squared = self.optimizer in SQUARES and slot in NEVER_NEGATIVE and weight is not None
            if squared and np.any(variable.value < 0):
                raise Refused("%s of the file has values below zero: it is no %s" % (variable.path, slot))
        if self.held.damage:
            return
        for slot, depth in sorted({(s.slot, s.depth) for s in self.slots if s.weight is not None}):
            places = [key for key in self.live if (key[0], key[2]) == (slot, depth)]
            filled = [key for key in places if key in self.values]
            if filled and len(filled) < len(places):
                raise Refused("the file has the slot %r for %d of %d weights" % (slot, len(filled), len(places)))

    def absent(self):
        """The live slots for which the file has nothing."""
        return [slot for key, slot in self.live.items() if key not in self.values]


# -- hdf5: Whole models in HDF5, and weights in the layout before that of ``.weights.h5``: every Keras since 1.0 writes them.

def is_hdf5(path):
    """Whether the path is an HDF5 file with weights in the groups of their layers."""
    try:
        with h5py.File(path, "r") as file:
            return "layer_names" in _hdf5_weights(file).attrs or "layer_names0" in _hdf5_weights(file).attrs
    except (OSError, KeyError, AttributeError):
        return False


def read_hdf5(path, damaged=False):
    """The contents of such a file. Raises Unreadable, unless ``damaged``: then what cannot be read is listed."""
    held = Held(path, "HDF5 file of a whole model")
    file = _hdf5_open(path)
    with file:
        reading = _Reading(held, damaged)
        group = _hdf5_weights(file)
        if group is file:
            held.kind = "HDF5 file of weights"
        held.keras = hdf5_text(group.attrs.get("keras_version", file.attrs.get("keras_version"))) or None
        held.config = reading.json(file, "model_config")
        held.compiled = reading.json(file, "training_config")
        held.ordered = True
        for layer in hdf5_names(group, "layer_names"):
            reading.weights(group, layer, (layer,))
        if "top_level_model_weights" in group:
            reading.weights(group, "top_level_model_weights", ())
        if "optimizer_weights" in file:
            reading.optimizer(file["optimizer_weights"])
    return held


def _hdf5_open(path):
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise Unreadable("%s cannot be opened as HDF5: %s" % (path, error)) from error


def _hdf5_weights(file):
    return file["model_weights"] if "model_weights" in file else file


class _Reading(object):
    """Reads the parts of one file into ``held``; a part that cannot be read is an error, or a line of ``damage``."""

    def __init__(self, held, damaged):
        self.held, self.damaged = held, damaged

    def part(self, name, read):
        """The result of ``read()``; None if it fails and the file may be damaged."""
        try:
            return read()
        except (OSError, KeyError, ValueError, RuntimeError, AttributeError) as error:
            reason = "%s: %s" % (type(error).__name__, error)
            if not self.damaged:
                raise Unreadable("%s of %s cannot be read: %s" % (name, self.held.source, reason)) from error
            self.held.damage.append((name, reason))

    def json(self, file, name):
        if name not in file.attrs:
            return None
        return self.part(name, lambda: json.loads(hdf5_text(file.attrs[name])))

    def weights(self, group, layer, layers):
        names = self.part(layer, lambda: hdf5_names(group[layer], "weight_names")) or []
        for name in names:
            path = "%s/%s" % (layer, name)
            value = self.part(path, functools.partial(_hdf5_value, group, layer, name))
            if value is not None:
                self.held.weights.append(Weight(path, hdf5_plain(name), layers, value))

    def optimizer(self, group):
        """The optimizer's variables in their order. A name that stands twice has one value for both: it is left out."""
        names = self.part("optimizer_weights", lambda: hdf5_names(group, "weight_names")) or []
        for name in names:
            path = "optimizer_weights/" + name
            if names.count(name) > 1:
                reason = "%d variables have this name, and the file holds one value" % names.count(name)
                self.held.optimizer.append(Variable(path, None, None, None, None))
                self.held.damage += [(path, reason)] * (path not in dict(self.held.damage))
                continue
            value = self.part(path, functools.partial(_hdf5_value, group, name))
            self.held.optimizer.append(Variable(path, hdf5_plain(name), None, None, value))


def _hdf5_value(group, *path):
    for name in path:
        group = group[name]
    return np.array(group)


def hdf5_names(group, attribute):
    """A list of names in an attribute; a long one is split over attribute0, attribute1, ..."""
    if attribute in group.attrs:
        return [hdf5_text(name) for name in group.attrs[attribute]]
    parts, names = 0, []
    while attribute + str(parts) in group.attrs:
        names += [hdf5_text(name) for name in group.attrs[attribute + str(parts)]]
        parts += 1
    return names


def hdf5_text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def hdf5_plain(name):
    """A variable's name without TensorFlow's ``:0``."""
    return name[:-2] if name.endswith(":0") else name


# -- reading: Finds the reader of a file by its contents.

#: (whether a path is of the kind, its reader)
READERS = [(is_hdf5, read_hdf5)]


def read_held(path, damaged=False):
    """The contents of a file or folder. Raises Unreadable."""
    for fits, read in READERS:
        if fits(path):
            return read(path, damaged)
    if not os.path.exists(path) and not os.path.exists(path + ".index"):
        raise Unreadable("%s: there is no such file or folder" % path)
    raise Unreadable(
        "%s is none of these: an HDF5 file of Keras, a .keras archive, .weights.h5 or .weights.json, a TensorFlow "
        "checkpoint, a SavedModel, an Orbax folder" % path
    )


# -- report: What a rescue did, or would do.

class Report(object):
    """The result of ``rescue``.

    Attributes
    ----------
    source : str
    dry_run : bool, whether nothing was changed
    restored : list of (what, from, how)
        What came back: the variable of the model, where it lies in the file, and what tells that they belong together.
    already : list of str, what the model had right
    unused : list of str, what is in the file and fits nothing in the model
    absent : list of str, what the model has and the file does not hold; it stays as it was
    changes : list of str, the arguments of compile, and the flags, that were put back
    notes : list of str
    damage : list of (path, reason), what could not be read
    """

    def __init__(self, source, dry_run=False):
        self.source, self.dry_run = source, dry_run
        self.restored, self.already, self.unused, self.absent = [], [], [], []
        self.changes, self.notes, self.damage = [], [], []

    @property
    def complete(self):
        """Whether everything that the model has is now as the file says."""
        return not self.absent and not self.damage

    def __str__(self):
        verb = "would come back" if self.dry_run else "came back, and was read again and compared bit for bit"
        lines = ["%s: %d variables %s." % (self.source, len(self.restored), verb)]
        for what, origin, how in self.restored:
            lines.append("  %-44s from %s (by %s)" % (what, origin, how))
        lines += self._part("were right already", self.already, False)
        lines += self._part("arguments and flags put back", self.changes)
        lines += self._part("are in the file and fit nothing in the model", self.unused)
        lines += self._part("are not in the file, and stay as they were", self.absent)
        lines += self._part("could not be read", ["%s: %s" % pair for pair in self.damage])
        lines += self._part("notes", self.notes)
        return "\n".join(lines)

    @staticmethod
    def _part(title, items, listed=True):
        if not items:
            return []
        return ["%d %s%s" % (len(items), title, ":" if listed else ".")] + ["  " + item for item in items if listed]


# -- restore: Puts back into a live model what a file holds: weights, the optimizer's variables, its class and arguments.

#: what can be put back
PARTS = ("weights", "flags", "compile", "optimizer")


def rescue(model, path, parts=PARTS, dry_run=False, damaged=False, custom_objects=None):
    """Put back into a model what a file holds and its loader left there.

    Parameters
    ----------
    model : Keras model
        With all its weights created: built by your code, or loaded by any loader.
    path : str
        ``.h5``, ``.keras``, ``.weights.h5``, ``.weights.json``, or the folder or prefix of a checkpoint or SavedModel.
    parts : iterable of str
        Which of PARTS to put back.
    dry_run : bool
        Change nothing; the report shows what would be done.
    damaged : bool
        Read what is left of a damaged file, and name the rest in the report.
    custom_objects : dict, {name: class or function} of your own optimizers, schedules, losses and metrics

    Returns
    -------
    Report

    Raises
    ------
    Refused : the file does not fit the model, or its parts could be confused. Nothing was changed.
    Unreadable : the file, or a part of it, cannot be read.
    """
    held = read_held(str(path), damaged)
    return _Rescue(model, held, tuple(parts), custom_objects, Report(str(path), dry_run)).run()


class _Rescue(object):
    """One rescue: first everything is matched, then everything is assigned, then everything is compared."""

    def __init__(self, model, held, parts, custom_objects, report):
        unknown = sorted(set(parts) - set(PARTS))
        if unknown:
            raise ValueError("parts has %s; they are %s" % (", ".join(unknown), ", ".join(PARTS)))
        self.model, self.held, self.parts, self.objects = model, held, parts, custom_objects
        self.report, self.keras = report, keras_of(model)
        report.damage = held.damage

    def run(self):
        lives = live_weights(self.model)
        pairs = match_weights(self.held, lives, self.model)
        assignments = self._of_weights(pairs, lives) if "weights" in self.parts else []
        self._flags()
        optimizer = None
        if "optimizer" in self.parts or "compile" in self.parts:
            optimizer = self._optimizer()
        if optimizer is not None and "optimizer" in self.parts:
            assignments += self._of_optimizer(optimizer, pairs)
        if not self.report.dry_run:
            self._attach(optimizer)
            for variable, value in assignments:
                live_assign(variable, value)
            self._compare(assignments)
        return self.report

    def _of_weights(self, pairs, lives):
        """[(variable, value)] of the weights that are not right yet."""
        used = {id(weight) for weight, _ in pairs}
        paired = {id(live.variable) for _, live in pairs}
        self.report.unused += [w.path for w in self.held.weights if id(w) not in used]
        self.report.absent += ["%s/%s" % (w.layer, w.tail) for w in lives if id(w.variable) not in paired]
        listed = [("%s/%s" % (live.layer, live.tail), live.variable, w, "name") for w, live in pairs]
        return self._to_assign(listed)

    def _flags(self):
        """Freeze and unfreeze layers as the file says; this decides which weights the optimizer has slots for."""
        differing = differing_flags(self.model, self.held.config) if "flags" in self.parts else []
        for layer, flag in differing:
            self.report.changes.append("trainable of %s: %s, the file says %s" % (layer.name, layer.trainable, flag))
            if self.report.dry_run:
                self.report.notes.append("%s: slots are mapped as its present flag has them" % layer.name)
            else:
                layer.trainable = flag

    def _to_assign(self, listed):
        """[(variable, value)] of (what, variable, entry of the file, how) where the values differ; fills the report."""
        assignments = []
        for what, variable, entry, how in listed:
            now = live_value(variable)
            value = cast(entry.value, now, entry.path)
            if now.tobytes() == value.tobytes():
                self.report.already.append(what)
            else:
                self.report.restored.append((what, entry.path, how))
                assignments.append((variable, value))
        return assignments

    def _optimizer(self):
        """The optimizer that the model is to have: its own, or a new one with the file's class and arguments."""
        stated, own = stated_optimizer(self.held), getattr(self.model, "optimizer", None)
        if stated is None or "compile" not in self.parts:
            return usable_optimizer(self.model)
        notes = []
        wanted = make_optimizer(self.keras, stated, self.objects, notes)
        differing = ["the optimizer: none, the file says %s" % stated[0]]
        if own is not None:
            differing = differing_arguments(own, wanted)
        self.report.notes += notes
        if not differing:
            return usable_optimizer(self.model)
        self.report.changes += differing
        create_slots(wanted, self.model.trainable_weights)
        return wanted

    def _of_optimizer(self, optimizer, pairs):
        trainable = list(self.model.trainable_weights)
        slots = live_slots(optimizer, trainable)
        stated = inner_stated(stated_optimizer(self.held))
        name = stated[0] if stated else type(optimizer).__name__
        placing = Placing(self.held, pairs, slots, trainable, name)
        names = ["%s/%s" % (w.layer, w.tail) for w in live_weights(self.model)]
        places = {id(w.variable): name for w, name in zip(live_weights(self.model), names)}
        listed = []
        for slot in slots:
            key = (slot.slot, slot.weight, slot.depth)
            of = "" if slot.weight is None else " of " + places.get(id(trainable[slot.weight]), "?")
            if key in placing.values:
                variable, how = placing.values[key]
                listed.append(("optimizer: %s%s" % (slot.slot, of), slot.variable, variable, how))
            else:
                self._not_in_file(slot, of)
        self.report.unused += [v.path for v in placing.left]
        return self._to_assign(listed)

    def _not_in_file(self, slot, of):
        """A learning rate comes from the config where the file's Keras has no variable for it."""
        rate = slot.slot == "learning_rate" and stated_optimizer(self.held) is not None and "compile" in self.parts
        if not rate:
            self.report.absent.append("optimizer: %s%s" % (slot.slot, of))

    def _attach(self, optimizer):
        """Give the model its optimizer; a model that is not compiled is compiled with the file's losses and metrics."""
        if optimizer is None or optimizer is getattr(self.model, "optimizer", None):
            return
        arguments = compile_arguments(self.held, self.keras, self.objects)
        if getattr(self.model, "optimizer", None) is None:
            if arguments is None:
                raise Refused("the model is not compiled, and the file states no loss: compile the model first")
            self.model.compile(optimizer=optimizer, **arguments)
            return
        self.model.optimizer = optimizer
        for function in ("train_function", "_train_function"):
            if getattr(self.model, function, None) is not None:
                setattr(self.model, function, None)

    @staticmethod
    def _compare(assignments):
        """Read everything again: what was assigned must be there bit for bit."""
        for variable, value in assignments:
            now = live_value(variable)
            if now.tobytes() != value.tobytes():
                raise RuntimeError("%r did not keep the value that was assigned to it" % (variable,))


def cast(value, like, path):
    """The value with the dtype of ``like``. Raises Refused where a number would change."""
    if value.dtype == like.dtype:
        return np.ascontiguousarray(value).reshape(like.shape)
    if value.dtype.kind == "V" and value.dtype.itemsize == like.dtype.itemsize:  # bfloat16, which NumPy does not know
        return value.view(like.dtype).reshape(like.shape)
    new = value.astype(like.dtype)
    if not np.array_equal(new.astype(value.dtype), value, equal_nan=value.dtype.kind == "f"):
        raise Refused(
            "%s is %s in the file and %s in the model: its value would change" % (path, value.dtype, like.dtype)
        )
    return new.reshape(like.shape)


# -- convert: A file of an older Keras as a ``.keras`` file that the newer one reads by itself.

def load_and_rescue(path, keras=None, custom_objects=None, **options):
    """(model, Report): the model as Keras loads it, with what Keras left in the file put back.

    Where Keras cannot restore the compile arguments, the model is loaded without them, and they are put back too.

    Parameters
    ----------
    path : str
    keras : module, by default ``keras``
    custom_objects : dict
    options : what ``rescue`` takes beside

    Raises
    ------
    Refused, Unreadable, and what Keras raises where it makes no model of the file: build it with your code then.
    """
    keras = keras or importlib.import_module("keras")
    with _safely(keras):
        try:
            model = keras.models.load_model(path, custom_objects=custom_objects)
        except Exception:
            model = keras.models.load_model(path, custom_objects=custom_objects, compile=False)
    return model, rescue(model, path, custom_objects=custom_objects, **options)


def _safely(keras):
    """Keras 2 runs a Lambda layer's code from an HDF5 file unless it is told not to."""
    scope = getattr(getattr(keras, "saving", None), "SafeModeScope", None)
    if scope is None:
        with contextlib.suppress(ImportError, AttributeError):
            scope = importlib.import_module("tf_keras.src.saving.serialization_lib").SafeModeScope
    return scope(True) if scope is not None and keras.__name__ == "tf_keras" else _nothing()


@contextlib.contextmanager
def _nothing():
    yield


def convert(path, new, model=None, keras=None, custom_objects=None, **options):
    """Save as ``new`` the model of ``path``, with everything that the file holds. Returns the Report.

    Parameters
    ----------
    path : str
    new : str, ``*.keras``, or ``*.weights.h5`` for the weights alone
    model : Keras model or None
        Built by your code, where Keras makes no model of the file.
    keras : module, by default ``keras``; without effect where ``model`` is given
    """
    if model is None:
        model, report = load_and_rescue(path, keras, custom_objects, **options)
    else:
        report = rescue(model, path, custom_objects=custom_objects, **options)
    if report.dry_run:
        return report
    if new.endswith(".weights.h5"):
        model.save_weights(new)
    else:
        model.save(new)
    report.notes.append("saved as %s" % new)
    return report


ERRORS = (Refused, Unreadable)


# -- command: The command line: show, convert.

USAGE = """Bring back what a saved Keras model holds and its loader leaves there: the optimizer's state, above all.

  python keras_rescue.py show old.h5
      what the file holds
  python keras_rescue.py convert old.h5 new.keras
      load the file with Keras, put back what Keras left, save it for the Keras that is installed
  python keras_rescue.py convert old.h5 new.keras --model train.py:build_model
      the same for a file of which Keras makes no model: your function builds it

In Python: keras_rescue.rescue(model, "old.h5").
"""


def rescue_main(arguments=None):
    """Run the command line. Returns 0; 1 if the file was refused or cannot be read; 2 for a wrong argument."""
    parser = argparse.ArgumentParser(description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    shown = commands.add_parser("show", help="what the file holds")
    made = commands.add_parser("convert", help="save it for the Keras that is installed")
    for command in (shown, made):
        command.add_argument("path", help="file, folder, or prefix of a checkpoint")
        command.add_argument("--damaged", action="store_true", help="read what is left of a damaged file")
    made.add_argument("new", help="new.keras, or new.weights.h5")
    made.add_argument("--model", metavar="FILE.py:FUNCTION", help="a function that builds the model, compiled or not")
    made.add_argument("--keras", default="keras", help="the module that is Keras: keras, tf_keras, tensorflow.keras")
    made.add_argument("--dry-run", action="store_true", help="show the mapping and save nothing")
    args = parser.parse_args(arguments)
    try:
        print(_shown(args) if args.command == "show" else _converted(args, parser))
    except ERRORS as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 1
    return 0


def _shown(args):
    held = read_held(args.path, args.damaged)
    stated = (held.compiled or {}).get("optimizer_config") or (held.compiled or {}).get("optimizer")
    lines = ["%s: %s%s" % (args.path, held.kind, ", Keras " + held.keras if held.keras else "")]
    lines += ["  %-52s %s" % (w.path, _numbers(w.value)) for w in held.weights]
    lines += ["optimizer: %s" % (stated.get("class_name") if isinstance(stated, dict) else stated or "not stated")]
    lines += ["  %-52s %s" % (v.path, _numbers(v.value)) for v in held.optimizer + held.inner]
    lines += ["damaged: %s: %s" % pair for pair in held.damage]
    return "\n".join(lines)


def _numbers(value):
    if value is None:
        return "no value of its own"
    return "%s %s" % (value.dtype, tuple(value.shape)) if value.ndim else "%s %s" % (value.dtype, value)


def _converted(args, parser):
    keras = importlib.import_module(args.keras) if args.keras != "tensorflow.keras" else None
    if args.keras == "tensorflow.keras":
        keras = importlib.import_module("tensorflow").keras
    model = _built(args.model, parser) if args.model else None
    return convert(args.path, args.new, model, keras, dry_run=args.dry_run, damaged=args.damaged)


def _built(named, parser):
    """The model that the user's function builds."""
    file, _, function = named.rpartition(":")
    if not file.endswith(".py") or not function:
        parser.error("--model wants FILE.py:FUNCTION, not %s" % named)
    spec = importlib.util.spec_from_file_location("rescued_model", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rescued_model"] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        parser.error("--model: there is no file %s" % file)
    if not callable(getattr(module, function, None)):
        parser.error("--model: %s has no function %s" % (file, function))
    return getattr(module, function)()


if __name__ == "__main__":
    sys.exit(rescue_main())
