"""Loaders: ways of reading an artifact back. One file each.

A loader declares

``TITLE``     what it does, in a line
``APIS``      {api: range of Keras versions that have it}
``READS``     the layouts that it reads (``LAYOUT`` of the formats)
``READS_IN``  {api: layouts that it reads in that api alone}
``RESTORES``  the facets that it takes from the artifact, where the format carries them
``SUPPLIES``  the facets that the user's code supplies instead
``BUILDS_OPTIMIZER``  whether it is another loader's way with one step more: the optimizer's variables are created
              before the artifact is read (False)
``GIVES``     what can be done with the result: predict, evaluate, fit, layers, signature
``WITHDRAWS`` what documentation takes back, and for what (roundtrip.withdrawals): every facet that a format carries
              and this loader does not take from it is among them, with the page that says so
``REJECTS``   {model trait: reason}: which models it cannot be asked for (their cells are excluded)
``REJECTS_IN``  {api: {model trait: reason}}: the same, in one api alone
``REQUIRES``  {model trait: reason}: which models alone it can be asked for

and defines ``load(ctx, artifact)``, which returns a roundtrip.loaded.Loaded.
"""

import os

from roundtrip import training
from roundtrip.formats import CALLABLES, WEIGHTS, WHOLE_MODEL

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
