"""Build and compile the model from its code, build the optimizer, then ``load_weights(path)``.

``.weights.h5`` restores the optimizer's state only if the optimizer's variables exist.
"""

from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights, build_optimizer, weights_path

TITLE = "code + optimizer.build + load_weights"
APIS = {"keras3": "", "keras2": ">=2.11"}
READS = ("weights_h5",)
READS_IN = {"keras2": ("weights_checkpoint",), "keras3": ("weights_sharded",)}
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
BUILDS_OPTIMIZER = True
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    build_optimizer(model)
    return build_load_weights.load_into(model, weights_path(artifact))
