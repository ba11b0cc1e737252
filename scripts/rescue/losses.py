"""What a file states of losses and metrics, in the words of the Keras that is to have them."""

from rescue.compiled import bare_class, taken_by
from rescue.live import is_keras3


def states_compile(held):
    """Whether the file states a loss or metrics."""
    return bool(held.compiled) and bool({"loss", "metrics"} & set(held.compiled))


def compile_arguments(held, keras, custom_objects):
    """The arguments of ``compile`` beside the optimizer, as this Keras takes them; None if the file states none."""
    stated = held.compiled
    if not states_compile(held):
        return None
    objects = dict(custom_objects or {})
    arguments = {"loss": _each(stated.get("loss"), lambda leaf: _loss(leaf, keras, objects))}
    for key in ("metrics", "weighted_metrics"):
        if stated.get(key):
            listed = _each(stated[key], lambda leaf: _metric(leaf, keras, objects, _outputs(held)))
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


def _outputs(held):
    """The names of the outputs of a functional model that has several: Keras 2 puts them before metrics' names."""
    layers = ((held.config or {}).get("config") or {}).get("output_layers") if held.config else None
    names = [layer[0] for layer in layers or () if isinstance(layer, list) and layer]
    return names if len(names) > 1 else []


def _metric(leaf, keras, objects, outputs):
    if not isinstance(leaf, dict) or bare_class(leaf["class_name"]) != "MeanMetricWrapper":
        return _made(leaf, keras.metrics, objects)
    config = leaf["config"]
    function = config["fn"]["config"] if isinstance(config["fn"], dict) else config["fn"]
    found = objects.get(function) or getattr(keras.metrics, function, None) or keras.metrics.get(function)
    before = [name + "_" for name in outputs if config["name"].startswith(name + "_")] if is_keras3(keras) else []
    return keras.metrics.MeanMetricWrapper(found, name=config["name"][len(max(before, key=len, default="")) :])


def _made(leaf, module, objects):
    """A loss or metric of a module from its config. Only arguments that its class has are given to it."""
    if not isinstance(leaf, dict):
        return objects.get(leaf, leaf) if isinstance(leaf, str) else leaf
    name, config = bare_class(leaf["class_name"]), leaf.get("config")
    if not isinstance(config, dict):
        return objects.get(config, config)
    class_ = objects.get(name) or objects.get(leaf["class_name"]) or getattr(module, name)
    taken = taken_by(class_)
    given = {key: value for key, value in config.items() if key in taken and value is not None}
    if given.get("reduction") == "auto":
        given["reduction"] = "sum_over_batch_size"
    return class_(**given) if "from_config" not in vars(class_) else class_.from_config(given)
