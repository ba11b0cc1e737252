"""Build the model from its code, apply the rewrite, then ``load_weights(path)``: no session runs before the rewrite."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, _rewriting, build_load_weights_then_rewrite, weights_path

TITLE = "code, rewrite, then load_weights"
APIS = {"keras2_graph": ""}
READS = build_load_weights_then_rewrite.READS
RESTORES = build_load_weights_then_rewrite.RESTORES
SUPPLIES = FROM_CODE + ("graph_rewrite",)
GIVES = EVERYTHING
REQUIRES_MODIFIER = _rewriting.REWRITES
LINK = _rewriting.CLAIM


def load(ctx, artifact):
    model = _rewriting.rewrite(ctx, ctx.build())
    model.load_weights(weights_path(artifact))
    return Loaded(model)
