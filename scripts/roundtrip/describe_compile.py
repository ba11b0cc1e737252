"""What a model was compiled with, as plain JSON: losses, metrics, loss weights, execution options."""

import operator

from roundtrip.record import plain


def compile_config(rt, model):
    """Loss, metrics, loss weights and execution options, as the model holds them now.

    One spelling for what Keras spells in many ways: ``"mse"``, a function, an object or a serialized one, in
    lists, nested lists or dicts by output, all become a flat list of {"name", "config"}.
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


#: where a model without ``get_compile_config`` (before 2.11), or with an empty one (graph mode), holds what it was
#: compiled with: eager mode since 2.2, then graph mode and TensorFlow 1
HELD = {
    "loss": ("loss",),
    "metrics": ("compiled_metrics._user_metrics", "_compile_metrics"),
    "weighted_metrics": ("compiled_metrics._user_weighted_metrics", "_compile_weighted_metrics"),
    "loss_weights": ("compiled_loss._user_loss_weights", "loss_weights"),
    "run_eagerly": ("_run_eagerly",),
    "jit_compile": ("_jit_compile",),
    "steps_per_execution": ("_steps_per_execution",),
}
#: how a compiled model is run; what is False, None or absent is the default
EXECUTION = ("run_eagerly", "steps_per_execution", "jit_compile")


def _held(model, places):
    """What the first of these attributes that the model has holds; None for a step at a time, the default."""
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
    """The leaves of nested lists and dicts by output; a serialized object is a leaf."""
    if value is None:
        return []
    if isinstance(value, dict) and "class_name" not in value:
        return [leaf for key in value for leaf in _leaves(value[key])]
    if isinstance(value, (list, tuple)):
        return [leaf for v in value for leaf in _leaves(v)]
    return [value]


def _function(rt, leaf):
    """A loss: its function's or class's name, spelt alike, and its config where it has one."""
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
    """A metric: the name under which it is reported, and its config where it has one."""
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
