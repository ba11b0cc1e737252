"""Build the model from its code, ``load_weights(path)``, then apply the rewrite (docs/large_model_support.md)."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, _rewriting, weights_path

TITLE = "code + load_weights, then rewrite"
APIS = {"keras2_graph": ""}
READS = ("weights_h5", "weights_h5_legacy", "weights_checkpoint")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE + ("graph_rewrite",)
GIVES = EVERYTHING
REQUIRES_MODIFIER = _rewriting.REWRITES
LINK = _rewriting.CLAIM


def load(ctx, artifact):
    model = ctx.build()
    model.load_weights(weights_path(artifact))
    return Loaded(_rewriting.rewrite(ctx, model))
