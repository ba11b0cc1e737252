"""Loaders: ways of reading an artifact back. One file each."""

import os

from roundtrip import kinds, training
from roundtrip import value_types as t
from roundtrip.formats import CALLABLES, WEIGHTS, WHOLE_MODEL

KIND = kinds.Kind(
    "loader",
    [
        kinds.TITLE,
        kinds.apis(),
        kinds.Attribute("READS", t.LAYOUTS, kinds.REQUIRED, "the layouts that it reads (`LAYOUT` of the formats)"),
        kinds.Attribute("READS_IN", t.mapping(t.API, t.LAYOUTS), {}, "those that it reads in one api alone"),
        kinds.Attribute(
            "RESTORES", t.FACETS, kinds.REQUIRED, "what it takes from the artifact, where the format carries it"
        ),
        kinds.Attribute("SUPPLIES", t.FACETS, (), "what the user's code supplies instead"),
        kinds.Attribute(
            "GIVES",
            t.tuples(t.word("need")),
            kinds.REQUIRED,
            "what can be done with the result: `predict`, `evaluate`, `fit`, `layers`, `signature`, `trace`, `http`",
        ),
        kinds.WITHDRAWS,
        kinds.Attribute(
            "BUILDS_OPTIMIZER",
            t.FLAG,
            False,
            "whether it is another loader's way with one step more: the optimizer's variables are created before the "
            "artifact is read",
        ),
        kinds.rejects("which models it cannot be asked for"),
        kinds.REJECTS_IN,
        kinds.requires("which models alone it can be asked for, and why"),
        kinds.Attribute("REQUIRES_MODIFIER", t.mapping(t.TRAIT, t.REASON), {}, "the same of modifiers"),
        kinds.BACKENDS,
        kinds.PACKAGES,
        kinds.LINK,
        kinds.DEPENDENCIES,
    ],
    [kinds.Function("load", ("ctx", "artifact"), "reads it; a roundtrip.loaded.Loaded", True)],
)

EVERYTHING = ("predict", "evaluate", "fit", "layers")
FROM_CODE = ("architecture", "compile_config", "optimizer_config")
COMPILED_BY_CODE = ("compile_config", "optimizer_config")

#: "They should only be loaded in the same environment where they were saved."
LAMBDA = "https://keras.io/api/layers/core_layers/lambda/"

__all__ = ["CALLABLES", "COMPILED_BY_CODE", "EVERYTHING", "FROM_CODE", "LAMBDA", "WEIGHTS", "WHOLE_MODEL"]


def only_file(artifact, ending=""):
    """The path of the one file or folder with this ending in the artifact; ValueError if not just one."""
    found = sorted(f for f in os.listdir(artifact) if f.endswith(ending))
    if len(found) != 1:
        raise ValueError("expected one *%s in the artifact, found %s" % (ending, found or "none"))
    return os.path.join(artifact, found[0])


def weights_path(artifact):
    """What load_weights is given: a ``.weights.json``, a checkpoint's prefix, or the one file or folder."""
    for ending, cut in ((".weights.json", 0), (".index", len(".index"))):
        if any(f.endswith(ending) for f in os.listdir(artifact)):
            found = only_file(artifact, ending)
            return found[: len(found) - cut]
    return only_file(artifact)


def built(ctx, model):
    """The model; one that creates its weights when it is first called (subclassed) is called."""
    if not model.weights:
        model(training.first(ctx.data.test[0], 2))
    return model


def build_optimizer(model):
    """Create the optimizer's variables, as fit does when it begins; an older optimizer cannot be asked to."""
    build = getattr(model.optimizer, "build", None)
    if build is not None and not getattr(model.optimizer, "built", False):
        build(model.trainable_variables)
