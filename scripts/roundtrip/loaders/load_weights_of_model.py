"""The model built from its code, then ``load_weights(path)`` of a file or folder that holds a whole model."""

from roundtrip.loaders import EVERYTHING, FROM_CODE, WEIGHTS, build_load_weights, weights_path

TITLE = "code + load_weights of a whole model"
APIS = build_load_weights.APIS
READS = ("h5",)
READS_IN = {"keras3": ("keras_archive",), "keras2": ("keras_archive", "saved_model")}
RESTORES = WEIGHTS
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    return build_load_weights.load_into(ctx.build(), weights_path(artifact))
