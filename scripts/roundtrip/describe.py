"""What a live model is, as plain JSON: architecture, compile arguments, optimizer."""

from roundtrip.record import plain


def describe(rt, model):
    """Facts of a Keras model for the facets architecture, compile_config and optimizer_config."""
    return {
        "architecture": architecture(rt, model),
        "compile_config": compile_config(rt, model),
        "optimizer_config": optimizer_config(rt, getattr(model, "optimizer", None)),
    }


def architecture(rt, model):
    """Class, config, layers with their trainable flags and dtype policies, input and output structure."""
    return {
        "class": type(model).__name__,
        "name": model.name,
        "config": _config(rt, model),
        "layers": [
            {
                "name": layer.name,
                "class": type(layer).__name__,
                "trainable": bool(layer.trainable),
                "dtype_policy": _policy(layer),
                "vocabulary": _vocabulary(layer),
            }
            for layer in _flat_layers(model)
        ],
        "trainable_weights": len(model.trainable_weights),
        "non_trainable_weights": len(model.non_trainable_weights),
        "inputs": _structure(getattr(model, "input", None)) if _is_graph(model) else None,
        "outputs": _structure(getattr(model, "output", None)) if _is_graph(model) else None,
    }


def _is_graph(model):
    return bool(getattr(model, "_is_graph_network", False)) or type(model).__name__ in ("Functional", "Sequential")


def _flat_layers(model):
    """All layers at any depth, once each (``_flatten_layers`` of Keras), the model itself left out."""
    flatten = getattr(model, "_flatten_layers", None)
    if flatten is None:
        return list(model.layers)
    return [layer for layer in flatten(include_self=False, recursive=True)]


def _policy(layer):
    policy = getattr(layer, "dtype_policy", None) or getattr(layer, "_dtype_policy", None)
    return getattr(policy, "name", None) or str(layer.dtype)


def _vocabulary(layer):
    read = getattr(layer, "get_vocabulary", None)
    return [plain(token) for token in read()] if read else None


def _config(rt, model):
    """``get_config`` as JSON, None where the model has none (a subclassed model need not)."""
    try:
        config = model.get_config()
    except NotImplementedError:
        return None
    serialize = getattr(getattr(rt.keras, "saving", None), "serialize_keras_object", None)
    return plain(_serialized(config, serialize))


def _serialized(value, serialize):
    """Configs may hold live objects (a custom initializer, an activation function): serialize those."""
    if isinstance(value, dict):
        return {k: _serialized(v, serialize) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_serialized(v, serialize) for v in value) if type(value) in (list, tuple) else list(value)
    if serialize and hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": _serialized(value.get_config(), serialize)}
    return value


def _structure(value):
    """The container type and, at the leaves, shape and dtype."""
    if isinstance(value, dict):
        return {"dict": {k: _structure(v) for k, v in sorted(value.items())}}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [_structure(v) for v in value]}
    if value is None:
        return None
    return [[int(d) if d is not None else None for d in value.shape], str(getattr(value.dtype, "name", value.dtype))]


def optimizer_config(rt, optimizer):
    """Class and config; None where the model is not compiled."""
    if optimizer is None:
        return None
    serialize = getattr(getattr(rt.keras, "saving", None), "serialize_keras_object", None)
    config = plain(_serialized(optimizer.get_config(), serialize))
    # With no schedule, this is the present value, and that is a variable: compared as optimizer_state.
    return {"class": type(optimizer).__name__, "config": config}


def compile_config(rt, model):
    """Loss, metrics, loss weights, weighted metrics and execution options, as the model holds them now."""
    read = getattr(model, "get_compile_config", None)
    if getattr(model, "optimizer", None) is None or read is None:
        return None
    config = dict(read() or {})
    config.pop("optimizer", None)  # a facet of its own
    return plain(config)
