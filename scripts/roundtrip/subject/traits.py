"""The traits of a user's model (docs/models.md), as its built and trained form shows them."""

import inspect

from roundtrip import describe, state
from roundtrip.subject import arrays

#: arguments of every layer, which a config may leave out where they have their defaults
COMMON = ("self", "name", "dtype", "trainable", "dynamic", "autocast", "activity_regularizer", "args", "kwargs")
#: traits that no member of ``models`` has: what a model cannot do (roundtrip.subject.rehearsal)
LACKING = ("no_evaluation", "no_predictions")
BY_NAME = {"Lambda": "lambda", "AddMetric": "add_metric", "Bidirectional": "rnn"}


def of(ctx, model, draws):
    """The sorted traits. ``draws``: whether training draws random numbers."""
    layers = state.flat_layers(model)
    used = used_objects(ctx, model)
    found = {kind(ctx, model)} | {BY_NAME[name] for name in {type(x).__name__ for x in layers} & set(BY_NAME)}
    shown = {
        "rng": draws,
        "custom_registered": any(registered(ctx.rt, thing) for thing in used),
        "custom_unregistered": any(not registered(ctx.rt, thing) for thing in used),
        "no_config": bool(gaps(ctx, model)),
        "strings": any("string" in str(x.dtype) for x in arrays.leaves(ctx.data.train[0])),
        "ema": bool(getattr(getattr(model, "optimizer", None), "use_ema", False)),
        "rnn": any(hasattr(layer, "cell") for layer in layers),
        "add_metric": any(getattr(layer, "_metrics", None) for layer in layers),
        "quantized": any(getattr(layer, "quantization_mode", None) for layer in layers),
        "lora": any(getattr(layer, "lora_enabled", False) for layer in layers),
    }
    return sorted(found | {trait for trait, holds in shown.items() if holds})


def kind(ctx, model):
    if isinstance(model, ctx.keras.Sequential):
        return "sequential"
    return "functional" if describe.is_graph(model) else "subclassed"


def used_objects(ctx, model):
    """The classes and functions of the user's that the model is made of: its layers, and what its config names."""
    described = ctx.describe(model)
    words = words_in(described["architecture"]) | words_in(described["optimizer_config"])
    words |= {type(layer).__name__ for layer in [model] + state.flat_layers(model)}
    words |= compiled_with(described["compile_config"] or {})
    words, objects = set(map(spelt, words)), ctx.custom_objects()
    called = {function for _, function in filter(None, (ctx.module.described["build"], ctx.module.described["data"]))}
    return [objects[name] for name in sorted(set(objects) - called) if spelt(name) in words]


#: keys of a config whose texts are names that somebody chose, or modules
NAMES = ("name", "module", "inbound_nodes", "input_layers", "output_layers", "package")


def words_in(value):
    """Every text in a description that may name a class or a function, with ``b`` of ``a>b`` too."""
    if isinstance(value, dict):
        return set().union(*[words_in(item) for key, item in value.items() if key not in NAMES])
    if isinstance(value, (list, tuple)):
        return set().union(*[words_in(item) for item in value])
    return {value.rpartition(">")[2]} if isinstance(value, str) else set()


def compiled_with(config):
    """The names of losses and metrics; of a metric with a config, that config's texts."""
    losses = {loss["name"] for loss in config.get("loss", ())}
    metrics = [metric for part in ("metrics", "weighted_metrics") for metric in config.get(part, ())]
    return losses | words_in(metrics) | {metric["name"] for metric in metrics if metric["config"] is None}


def spelt(name):
    """A name as roundtrip.describe_compile spells those of losses."""
    return name.replace("_", "").lower()


def registered(rt, thing):
    """Whether a class or function was registered with Keras."""
    saving = getattr(rt.keras, "saving", None)
    place = saving if hasattr(saving, "get_registered_name") else rt.keras.utils
    return not hasattr(place, "get_registered_name") or place.get_registered_name(thing) != thing.__name__


def gaps(ctx, model):
    """What the ``get_config`` of the user's layers and model leaves out, in sentences: from it they cannot be rebuilt.

    "the config should contain all __init__ arguments": https://keras.io/guides/serialization_and_saving/
    """
    whole = [] if describe.is_graph(model) else [model]
    own = {type(thing): thing for thing in whole + state.flat_layers(model) if is_own(ctx, type(thing))}
    return [gap for thing in own.values() for gap in gaps_of(thing)]


def is_own(ctx, cls):
    return cls.__module__ in {module.__name__ for module in ctx.module.code.modules()}


def gaps_of(thing):
    cls = type(thing)
    try:
        config = thing.get_config()
    except Exception as error:
        yield "%s.get_config raises %s" % (cls.__name__, type(error).__name__)
        return
    if "from_config" in vars(cls):
        return
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        named = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if named and name not in COMMON and name not in config:
            yield "%s.get_config leaves out %s" % (cls.__name__, name)
