"""The model built from its code, then ``load_weights(path)``."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, only_file

TITLE = "code + load_weights"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("weights_h5", "h5", "keras_archive")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    model.load_weights(only_file(artifact, ""))
    return Loaded(model)
