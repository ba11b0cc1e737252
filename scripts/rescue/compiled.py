"""What a file states of the optimizer, in the words of the Keras that is to have it."""

import inspect

import numpy as np

from rescue.live import is_keras3

#: an argument's old name -> its present name
ARGUMENTS = {"lr": "learning_rate"}
#: arguments that say nothing of a step's result
WITHOUT_EFFECT = ("is_legacy_optimizer", "jit_compile", "name")
#: arguments that _rate makes a schedule of
IN_THE_RATE = ("decay", "schedule_decay")
#: arguments without effect if they are off
OFF = ("use_ema", "weight_decay", "amsgrad", "centered")
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
    taken = taken_by(class_)
    given = {ARGUMENTS.get(key, key): as_written(value) for key, value in config.items()}
    given["learning_rate"] = _rate(given, class_.__name__, keras, custom_objects, notes)
    if given["learning_rate"] is None:
        del given["learning_rate"]
    if not given.get("use_ema"):
        given = {key: value for key, value in given.items() if not key.startswith("ema_")}
    unknown = sorted(key for key in given if key not in taken and key not in WITHOUT_EFFECT and given[key] is not None)
    for key in unknown:
        if key not in IN_THE_RATE and (given[key] or key not in OFF):
            notes.append("the optimizer's argument %s=%r: %s has no such argument" % (key, given[key], class_.__name__))
    return {key: value for key, value in given.items() if key in taken and not (value is None and key == "epsilon")}


def as_written(value):
    """0.85 for 0.8500000238418579: Keras before 2.11 states the float32 of what the code says."""
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value


def taken_by(class_):
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
        config = {key: value for key, value in (rate.get("config") or {}).items() if (key, value) != ("name", None)}
        inner = {"class_name": str(rate["class_name"]).split(">")[-1], "config": config}
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
