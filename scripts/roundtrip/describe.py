"""Describe a live model as plain JSON: architecture, compile arguments, optimizer."""

import re

from roundtrip.describe_compile import compile_config
from roundtrip.record import as_float32, plain
from roundtrip.state import flat_layers


def describe(rt, model):
    """Facts of a Keras model for the facets architecture, compile_config and optimizer_config."""
    return {
        "architecture": architecture(rt, model),
        "compile_config": compile_config(rt, model),
        "optimizer_config": optimizer_config(rt, getattr(model, "optimizer", None)),
    }


def architecture(rt, model):
    """Class, config, layers with their trainable flags and dtype policies, input and output structure."""
    own = list(model.layers)
    return {
        "class": type(model).__name__,
        "name": model.name,
        "config": _config(rt, model),
        "layers": [
            {
                "name": layer.name if layer in own else _without_number(layer.name),
                "class": type(layer).__name__,
                "trainable": bool(layer.trainable),
                "dtype_policy": _policy(layer),
                "vocabulary": _vocabulary(layer),
            }
            for layer in flat_layers(model)
        ],
        "trainable_weights": len(model.trainable_weights),
        "non_trainable_weights": len(model.non_trainable_weights),
        "inputs": _end(model, "input"),
        "outputs": _end(model, "output"),
    }


def _without_number(name):
    """The name of a layer inside a layer, without the number that Keras appends and that depends on the process."""
    return re.sub(r"_\d+$", "", name)


def is_graph(model):
    """Whether a model is a graph of layers: functional or Sequential."""
    return bool(getattr(model, "_is_graph_network", False)) or type(model).__name__ in ("Functional", "Sequential")


def _end(model, name):
    try:
        return _structure(getattr(model, name, None)) if is_graph(model) else None
    except ValueError:  # an early Keras 3: a Sequential has only the list until its first call
        return _structure(getattr(model, name + "s")[0])


def _policy(layer):
    policy = getattr(layer, "dtype_policy", None) or getattr(layer, "_dtype_policy", None)
    return getattr(policy, "name", None) or str(layer.dtype)


def _vocabulary(layer):
    read = getattr(layer, "get_vocabulary", None)
    return [plain(token) for token in read()] if read else None


def _config(rt, model):
    """``get_config`` as JSON; None if the model has none (a subclassed model need not have it)."""
    try:
        config = model.get_config()
    except NotImplementedError:
        return None
    serialize = getattr(getattr(rt.keras, "saving", None), "serialize_keras_object", None)
    return plain(_serialized(config, serialize))


def _serialized(value, serialize):
    """The config with its live objects (a custom initializer, an activation function) serialized."""
    if isinstance(value, dict):
        value = _without_bytecode(value)
        return {k: _serialized(v, serialize) for k, v in value.items() if not _incidental(k, v)}
    if isinstance(value, (list, tuple)):
        return type(value)(_serialized(v, serialize) for v in value) if type(value) in (list, tuple) else list(value)
    if serialize and hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": _serialized(value.get_config(), serialize)}
    return value


def _incidental(key, value):
    """Whether an entry depends only on how the config was written: build shapes, modules, no registration."""
    return key in INCIDENTAL or (key == "registered_name" and value is None)


INCIDENTAL = ("build_config", "build_input_shape", "module", "shared_object_id")


def _without_bytecode(config):
    """The config without a lambda's bytecode, which differs between copies of a function; its outputs are compared."""
    if config.get("class_name") == "__lambda__":
        return {"class_name": "__lambda__"}
    if config.get("function_type") == "lambda":
        return dict(config, function="lambda")
    return config


def _structure(value):
    """The container types, with shape and dtype at the leaves."""
    if isinstance(value, dict):
        return {"dict": {k: _structure(v) for k, v in sorted(value.items())}}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [_structure(v) for v in value]}
    if value is None:
        return None
    dimensions = value.shape.as_list() if hasattr(value.shape, "as_list") else value.shape  # TensorFlow 1: Dimension
    return [[int(d) if d is not None else None for d in dimensions], str(getattr(value.dtype, "name", value.dtype))]


def optimizer_config(rt, optimizer):
    """Class and config; None if the model is not compiled."""
    if optimizer is None:
        return None
    serialize = getattr(getattr(rt.keras, "saving", None), "serialize_keras_object", None)
    config = plain(_serialized(optimizer.get_config(), serialize))
    # Without a schedule, the learning rate is a variable, and is compared as optimizer_state.
    return {"class": type(optimizer).__name__, "config": config if rt.api == "keras3" else as_float32(config)}
