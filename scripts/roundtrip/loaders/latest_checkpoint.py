"""Build the model from its code, then ``load_weights(tf.train.latest_checkpoint(folder))``: Keras 2."""

from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights

TITLE = "code + load_weights of latest_checkpoint"
APIS = {"keras2": "", "keras2_graph": ""}
READS = ("weights_checkpoint", "numbered_weights_checkpoint")
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    return build_load_weights.load_into(ctx.build(), ctx.tf.train.latest_checkpoint(artifact))
