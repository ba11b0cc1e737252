"""Loaders: each file reads an artifact in one way."""

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
        kinds.Attribute("READS_IN", t.mapping(t.API, t.LAYOUTS), {}, "more layouts, which it reads in one api only"),
        kinds.Attribute(
            "READS_ACROSS",
            t.tuples(t.word("crossing")),
            (),
            "the differences between writer and reader over which it promises what the format carries, beside those "
            "that the format's documentation allows (`CROSSES`)",
        ),
        kinds.Attribute(
            "RESTORES",
            t.FACETS,
            kinds.REQUIRED,
            "the facets that it takes from the artifact, if the format carries them",
        ),
        kinds.Attribute("SUPPLIES", t.FACETS, (), "the facets that the user's code supplies instead"),
        kinds.Attribute(
            "GIVES",
            t.tuples(t.word("need")),
            kinds.REQUIRED,
            "what the result supports: `predict`, `evaluate`, `fit`, `layers`, `signature`, `trace`, `http`",
        ),
        kinds.WITHDRAWS,
        kinds.Attribute(
            "BUILDS_OPTIMIZER",
            t.FLAG,
            False,
            "whether it does the same as another loader and, before reading the artifact, also creates the "
            "optimizer's variables",
        ),
        kinds.Attribute(
            "RESCUES",
            t.FLAG,
            False,
            "whether it puts back by keras_rescue what another loader leaves in the artifact",
        ),
        kinds.rejects("the models that it cannot load, with the reason"),
        kinds.REJECTS_IN,
        kinds.requires("the traits that a model must have, with the reason"),
        kinds.Attribute(
            "REQUIRES_MODIFIER",
            t.mapping(t.TRAIT, t.REASON),
            {},
            "the traits that a modifier must have, with the reason",
        ),
        kinds.Attribute(
            "READS_BROUGHT",
            t.LAYOUTS,
            (),
            "the formats of brought artifacts that `read` takes, if they are not those whose layouts are in `READS`",
        ),
        kinds.Attribute(
            "STARTS_PROCESSES",
            t.FLAG,
            False,
            "whether `read` starts a process with TensorFlow, which in a sandbox needs to read `/proc`",
        ),
        kinds.Attribute("WANTS", t.TEXTS, (), "the keys of a brought artifact's entry without which `read` has no use"),
        kinds.BACKENDS,
        kinds.PACKAGES,
        kinds.LINK,
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("load", ("ctx", "artifact"), "reads the artifact; returns a roundtrip.loaded.Loaded"),
        kinds.Function(
            "read",
            ("ctx", "path"),
            "reads an artifact that the user brings, without the code of its model; returns a roundtrip.loaded.Loaded. "
            "`ctx` is a roundtrip.brought.context.Context. A loader with this function is a route",
        ),
    ],
    at_least_one=("load", "read"),
)

EVERYTHING = ("predict", "evaluate", "fit", "layers")
FROM_CODE = ("architecture", "compile_config", "optimizer_config")
COMPILED_BY_CODE = ("compile_config", "optimizer_config")

#: "They should only be loaded in the same environment where they were saved."
LAMBDA = "https://keras.io/api/layers/core_layers/lambda/"

__all__ = ["CALLABLES", "COMPILED_BY_CODE", "EVERYTHING", "FROM_CODE", "LAMBDA", "WEIGHTS", "WHOLE_MODEL"]


def only_file(artifact, ending=""):
    """The path of the only file or folder with this ending in the artifact. Raises ValueError otherwise."""
    found = sorted(f for f in os.listdir(artifact) if f.endswith(ending))
    if len(found) != 1:
        raise ValueError("expected one *%s in the artifact, found %s" % (ending, found or "none"))
    return os.path.join(artifact, found[0])


def only_path(artifact):
    """What `read` gets: the only file or folder of a brought artifact; the folder itself if it holds several."""
    inside = os.listdir(artifact)
    return os.path.join(artifact, inside[0]) if len(inside) == 1 else artifact


class Unfit(Exception):
    """The loader's documentation excludes such an artifact; the message says what it excludes."""


def weights_path(artifact):
    """The argument of load_weights: a ``.weights.json``, a checkpoint's prefix, or the only file or folder."""
    for ending, cut in ((".weights.json", 0), (".index", len(".index"))):
        if any(f.endswith(ending) for f in os.listdir(artifact)):
            found = only_file(artifact, ending)
            return found[: len(found) - cut]
    return only_file(artifact)


def built(ctx, model):
    """The model with its weights; a subclassed model creates them in a first call."""
    if not model.weights:
        model(training.first(ctx.data.test[0], 2))
    return model


def build_optimizer(model):
    """Create the optimizer's variables, as fit does when it begins; older optimizers have no ``build``."""
    build = getattr(model.optimizer, "build", None)
    if build is not None and not getattr(model.optimizer, "built", False):
        build(model.trainable_variables)
