"""Modifiers: what is done to a model beside what its code says. One file each, which defines what it needs."""

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
            "facts that loaders (`REQUIRES_MODIFIER`) and contracts refer to; `rewrites`: it changes the graph that a "
            "training step executes, and `look` can tell",
        ),
        kinds.rejects("which models it cannot be done to"),
        kinds.Attribute("VARIABLES", t.TEXTS, (), "the environment variables without which there is nothing to run"),
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("start", ("ctx",), "what must be done before the first op"),
        kinds.Function("building", ("ctx",), "a context in which user code builds the model"),
        kinds.Function("modify", ("ctx", "model"), "the model that was built and compiled, modified"),
        kinds.Function("callbacks", ("ctx",), "callbacks for the first fit of a model that code built"),
        kinds.Function(
            "rewriter", ("ctx",), "with `rewrites`: what a loader applies to a loaded model; `callback(keras)`, `facts`"
        ),
        kinds.Function(
            "look", ("ctx", "model"), 'with `rewrites`: {"added", "executed", "unit"} of one more training step'
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
    """A model from its code with the modifier's part in it."""
    with getattr(modifier, "building", lambda ctx: nothing())(ctx):
        model = build_model()
    return modifier.modify(ctx, model) if hasattr(modifier, "modify") else model


def look(ctx, modifier, model):
    """What a modifier that rewrites graphs sees of its work; None of one that does not, or of no model."""
    return modifier.look(ctx, model) if "rewrites" in modifier.TRAITS and model is not None else None


def look_or_say_why(ctx, modifier, model):
    """The same; where it cannot be seen, {"error": why}."""
    try:
        return look(ctx, modifier, model)
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, str(error)[:500])}
