"""``load_model(path)``, the code of registered custom objects imported and nothing passed."""

import os

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, WHOLE_MODEL

TITLE = "load_model"
APIS = {"keras3": "", "keras2": ""}
READS = ("h5", "keras_archive", "saved_model")
RESTORES = WHOLE_MODEL
GIVES = EVERYTHING


def load(ctx, artifact):
    ctx.custom_objects()
    return Loaded(ctx.keras.models.load_model(path_of(artifact)))


def path_of(artifact):
    """What load_model is given: the one file or folder in the artifact."""
    inside = os.listdir(artifact)
    if len(inside) != 1:
        raise ValueError("expected one model in the artifact, found %s" % sorted(inside))
    return os.path.join(artifact, inside[0])
