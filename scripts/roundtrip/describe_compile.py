"""The compile arguments of a model as plain JSON: losses, metrics, loss weights, execution options."""

import operator

from roundtrip.record import plain


def compile_config(rt, model):
    """The loss, metrics, loss weights and execution options that the model holds.

    Keras accepts the same argument in many forms: ``"mse"``, a function, an object or a serialized object, in lists,
    nested lists or dicts by output. All forms become a flat list of {"name", "config"}.
    """
    read = getattr(model, "get_compile_config", None)
    if getattr(model, "optimizer", None) is None:
        return None
    given = dict((read() if read else None) or {name: _held(model, places) for name, places in HELD.items()})
    losses = _leaves(given.get("loss"))
    return {
        "loss": [_function(rt, leaf) for leaf in losses],
        "metrics": sorted((_metric(leaf) for leaf in _leaves(given.get("metrics"))), key=_by_name),
        "weighted_metrics": sorted((_metric(leaf) for leaf in _leaves(given.get("weighted_metrics"))), key=_by_name),
        "loss_weights": _leaves(given.get("loss_weights")),
        "options": {k: plain(given[k]) for k in EXECUTION if given.get(k)},
    }


#: the attributes that hold the compile arguments if ``get_compile_config`` is missing (before 2.11) or empty (graph
#: mode): first of eager mode since 2.2, then of graph mode and TensorFlow 1
HELD = {
    "loss": ("loss",),
    "metrics": ("compiled_metrics._user_metrics", "_compile_metrics"),
    "weighted_metrics": ("compiled_metrics._user_weighted_metrics", "_compile_weighted_metrics"),
    "loss_weights": ("compiled_loss._user_loss_weights", "loss_weights"),
    "run_eagerly": ("_run_eagerly",),
    "jit_compile": ("_jit_compile",),
    "steps_per_execution": ("_steps_per_execution",),
}
#: options of execution; False, None or a missing value is the default
EXECUTION = ("run_eagerly", "steps_per_execution", "jit_compile")


def _held(model, places):
    """The value of the first of these attributes that the model has; None for one step per execution, the default."""
    for place in places:
        try:
            held = operator.attrgetter(place)(model)
        except AttributeError:
            continue
        if hasattr(held, "assign"):  # the number of steps is a variable
            held = int(held.numpy())
            return held if held > 1 else None
        return held
    return None


def _by_name(leaf):
    return leaf["name"]


def _leaves(value):
    """The leaves of nested lists and of dicts by output; a serialized object is a leaf."""
    if value is None:
        return []
    if isinstance(value, dict) and "class_name" not in value:
        return [leaf for key in value for leaf in _leaves(value[key])]
    if isinstance(value, (list, tuple)):
        return [leaf for v in value for leaf in _leaves(v)]
    return [value]


def _function(rt, leaf):
    """A loss: the normalised name of its function or class, and its config if it has one."""
    if isinstance(leaf, str):
        known = rt.keras.losses.get(leaf)
        leaf_name = getattr(known, "__name__", None) or type(known).__name__
        return {"name": _spelt(leaf_name), "config": None}
    if isinstance(leaf, dict):
        config = leaf.get("config")
        if isinstance(config, str):  # {"class_name": "function", "config": the function's name}
            return {"name": _spelt(config), "config": None}
        return {"name": _spelt(leaf["class_name"]), "config": plain(config)}
    return {"name": _spelt(getattr(leaf, "__name__", type(leaf).__name__)), "config": None}


def _metric(leaf):
    """A metric: the name in the logs, and its config if it has one."""
    if isinstance(leaf, dict):
        config = leaf.get("config")
        if isinstance(config, dict):
            return {"name": config.get("name", leaf["class_name"]), "config": plain(config)}
        return {"name": str(config), "config": None}
    if hasattr(leaf, "get_config"):
        return {"name": leaf.name, "config": plain(leaf.get_config())}
    return {"name": leaf if isinstance(leaf, str) else getattr(leaf, "__name__", type(leaf).__name__), "config": None}


def _spelt(name):
    return name.replace("_", "").split(">")[-1].lower()
