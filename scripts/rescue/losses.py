"""The losses and metrics that a file states, in the words of the Keras that is to have them."""

from rescue.compiled import bare_class, taken_by
from rescue.layers import Refused
from rescue.live import is_keras3

#: what ``compile`` itself makes a metric of, by the shape of the outputs
BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def states_compile(held):
    """Whether the file states a loss or metrics."""
    return bool(held.compiled) and bool({"loss", "metrics"} & set(held.compiled))


def compile_arguments(held, keras, custom_objects, notes):
    """The arguments of ``compile`` beside the optimizer, as this Keras takes them; None if the file states none.

    A metric that this Keras does not know is left out, and told in ``notes``: it changes no weight. Raises Refused for
    such a loss.
    """
    stated = held.compiled
    if not states_compile(held):
        return None
    objects = dict(custom_objects or {})
    arguments = {"loss": _each(stated.get("loss"), lambda leaf: _loss(leaf, keras, objects))}
    for key in ("metrics", "weighted_metrics"):
        if stated.get(key):
            listed = _each(stated[key], lambda leaf: _known_metric(leaf, (keras, objects, _outputs(held)), notes))
            nested = isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], list)
            arguments[key] = listed[0] if nested else listed
    for key in ("loss_weights", "run_eagerly", "steps_per_execution", "jit_compile"):
        if stated.get(key):
            arguments[key] = stated[key]
    return arguments


def _each(value, make):
    """A structure of losses or metrics with ``make`` applied to each leaf; in lists, without what it makes None of."""
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _each(inner, make) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        made = [(inner, _each(inner, make)) for inner in value]
        return [one for inner, one in made if inner is None or one is not None]
    return value if value is None else make(value)


def _loss(leaf, keras, objects):
    try:
        return _made(leaf, keras.losses, objects)
    except (AttributeError, ValueError, TypeError) as error:
        raise Refused(
            "the loss %s is none of Keras': give it in custom_objects, or compile the model first" % _name(leaf)
        ) from error


def _outputs(held):
    """The names of the outputs of a functional model that has several: Keras 2 puts them before metrics' names."""
    config = (held.config or {}).get("config")  # a list: Sequential before 2.3
    layers = config.get("output_layers") if isinstance(config, dict) else None
    names = [layer[0] for layer in layers or () if isinstance(layer, list) and layer]
    return names if len(names) > 1 else []


def _known_metric(leaf, context, notes):
    """The metric; None, and a note, if this Keras has none of its name. ``context`` is what _metric takes."""
    try:
        return _metric(leaf, *context)
    except (AttributeError, ValueError, TypeError):
        notes.append("the metric %s is none of Keras': compiled without it, unless custom_objects has it" % _name(leaf))
        return None


def _name(leaf):
    """The name of a stated loss or metric: its own if it has one, else its class or function."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    named = config.get("name") or leaf["class_name"] if isinstance(config, dict) else config
    return repr(named)


def _metric(leaf, keras, objects, outputs):
    if not isinstance(leaf, dict) or bare_class(leaf["class_name"]) != "MeanMetricWrapper":
        return _made(leaf, keras.metrics, objects)
    config = leaf["config"]
    function = config["fn"]["config"] if isinstance(config["fn"], dict) else config["fn"]
    before = [name + "_" for name in outputs if config["name"].startswith(name + "_")] if is_keras3(keras) else []
    name = config["name"][len(max(before, key=len, default="")) :]
    return keras.metrics.MeanMetricWrapper(_function(function, keras.metrics, objects), name=name)


def _made(leaf, module, objects):
    """A loss or metric of a module from its config. Only arguments that its class has are given to it."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    if not isinstance(config, dict):
        return _of_name(config, module, objects)
    name = bare_class(leaf["class_name"])
    class_ = objects.get(name) or objects.get(leaf["class_name"]) or getattr(module, name)
    taken = taken_by(class_)
    given = {key: value for key, value in config.items() if key in taken and value is not None}
    if given.get("reduction") == "auto":
        given["reduction"] = "sum_over_batch_size"
    return class_(**given) if "from_config" not in vars(class_) else class_.from_config(given)


def _of_name(name, module, objects):
    """The custom object, or the name itself if Keras knows it. Raises ValueError if it does not."""
    if isinstance(name, str) and name not in BY_SHAPE + tuple(objects):
        _function(name, module, objects)
    return objects.get(name, name)


def _function(name, module, objects):
    """The function of this name. Keras 2 gives a name that it does not know back, and raises in the first step."""
    function = objects.get(name) or getattr(module, str(name), None) or module.get(name)
    if isinstance(function, str):
        raise ValueError("%s has no %s" % (module.__name__, name))
    return function
