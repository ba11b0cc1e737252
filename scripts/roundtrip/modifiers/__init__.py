"""Modifiers: each file changes a model in one way after or while its code builds it."""

import contextlib

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "modifier",
    [
        kinds.TITLE,
        kinds.apis({"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""}),
        kinds.Attribute(
            "TRAITS",
            t.TRAITS,
            (),
            "facts to which loaders (`REQUIRES_MODIFIER`) and contracts refer; `rewrites`: it changes the graph that a "
            "training step executes, and `look` reports the change",
        ),
        kinds.rejects("the models that it cannot modify, with the reason"),
        kinds.Attribute(
            "VARIABLES", t.TEXTS, (), "the environment variables that must be set; without them its cells are left out"
        ),
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("start", ("ctx",), "runs before the first op"),
        kinds.Function("building", ("ctx",), "returns a context manager in which the code builds the model"),
        kinds.Function("modify", ("ctx", "model"), "returns the modified model; gets it built and compiled"),
        kinds.Function("callbacks", ("ctx",), "returns the callbacks for the first fit of a model built from code"),
        kinds.Function(
            "rewriter",
            ("ctx",),
            "with `rewrites`: returns the rewriter for a loaded model, which has `callback(keras)` and `facts`",
        ),
        kinds.Function(
            "look",
            ("ctx", "model"),
            'with `rewrites`: runs one more training step; returns {"added", "executed", "unit"}',
        ),
    ],
)


@contextlib.contextmanager
def nothing():
    """The context of a modifier that needs none."""
    yield


def start(ctx, modifier):
    if hasattr(modifier, "start"):
        modifier.start(ctx)


def build(ctx, modifier, build_model):
    """The model built from its code and modified."""
    with getattr(modifier, "building", lambda ctx: nothing())(ctx):
        model = build_model()
    return modifier.modify(ctx, model) if hasattr(modifier, "modify") else model


def look(ctx, modifier, model):
    """The result of the modifier's ``look``; None if it does not rewrite graphs or there is no model."""
    return modifier.look(ctx, model) if "rewrites" in modifier.TRAITS and model is not None else None


def look_or_say_why(ctx, modifier, model):
    """The same; {"error": the exception} if ``look`` fails."""
    try:
        return look(ctx, modifier, model)
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, str(error)[:500])}
