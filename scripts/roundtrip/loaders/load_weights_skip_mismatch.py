"""Build the model from its code, then ``load_weights(path, skip_mismatch=True)``: weights that fit must be loaded."""

from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights, load_weights_of_model, weights_path

TITLE = "code + load_weights, skip_mismatch"
APIS = {"keras3": "", "keras2": ">=2.12"}
READS = ("weights_h5", "keras_archive")
READS_IN = {"keras3": ("h5", "weights_h5_legacy")}
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
WITHDRAWS = load_weights_of_model.WITHDRAWS


def load(ctx, artifact):
    return build_load_weights.load_into(ctx.build(), weights_path(artifact), skip_mismatch=True)
