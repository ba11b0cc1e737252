"""Build the model from its code, then ``load_weights(path, by_name=True)``, which matches layers by their names."""

from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights, load_weights_of_model, weights_path

TITLE = "code + load_weights by name"
APIS = build_load_weights.APIS
READS = ("weights_h5_legacy", "h5")
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
WITHDRAWS = load_weights_of_model.WITHDRAWS
LINK = load_weights_of_model._KERAS2
REJECTS = {"subclassed": "loading by name is documented for models whose layers have names known in advance"}


def load(ctx, artifact):
    return build_load_weights.load_into(ctx.build(), weights_path(artifact), by_name=True)
