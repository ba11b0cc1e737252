"""The losses and metrics that a file states, in the words of the Keras that is to have them."""

from rescue.compiled import arguments_of, bare_class
from rescue.layers import Refused

#: what ``compile`` itself makes a metric of, by the shape of the outputs
BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def compile_arguments(held, keras, custom_objects, notes):
    """The arguments of ``compile`` beside the optimizer, as this Keras takes them; None if the file states none.

    A metric that this Keras does not know is left out, and told in ``notes``: it changes no weight. Raises Refused for
    such a loss.
    """
    stated = held.compiled
    if not stated or ("loss" not in stated and "metrics" not in stated):
        return None
    objects = dict(custom_objects or {})
    arguments = {"loss": _each(stated.get("loss"), lambda leaf: _loss(leaf, keras, objects))}
    for key in ("metrics", "weighted_metrics"):
        if stated.get(key):
            listed = _each(stated[key], lambda leaf: _known_metric(leaf, keras, objects, notes))
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


def _known_metric(leaf, keras, objects, notes):
    """The metric; None, and a note, if this Keras has none of its name."""
    try:
        return _metric(leaf, keras, objects)
    except (AttributeError, ValueError, TypeError):
        notes.append("the metric %s is none of Keras': compiled without it, unless custom_objects has it" % _name(leaf))
        return None


def _name(leaf):
    """The name of a stated loss or metric: its own if it has one, else its class or function."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    named = config.get("name") or leaf["class_name"] if isinstance(config, dict) else config
    return repr(named)


def _metric(leaf, keras, objects):
    if isinstance(leaf, dict) and bare_class(leaf["class_name"]) == "MeanMetricWrapper":
        config = leaf["config"]
        function = config["fn"]["config"] if isinstance(config["fn"], dict) else config["fn"]
        return keras.metrics.MeanMetricWrapper(_function(function, keras.metrics, objects), name=config["name"])
    return _made(leaf, keras.metrics, objects)


def _made(leaf, module, objects):
    """A loss or metric of a module from its config. Only arguments that its class has are given to it."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    if not isinstance(config, dict):
        return _of_name(config, module, objects)
    name = bare_class(leaf["class_name"])
    class_ = objects.get(name) or objects.get(leaf["class_name"]) or getattr(module, name)
    taken = arguments_of(class_)
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
    function = objects.get(name) or module.get(name)
    if isinstance(function, str):
        raise ValueError("%s has no %s" % (module.__name__, name))
    return function
