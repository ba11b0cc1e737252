"""Build and compile the model from its code, then ``load_weights(path)``.

The optimizer's variables are created after loading, so that they can be compared. TensorFlow's checkpoint format
delays their values until the variables exist, and assigns them then, as it does when fit begins.
"""

import os

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer, weights_path

TITLE = "code + load_weights"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("weights_h5", "weights_h5_legacy")
READS_IN = {"keras2": ("weights_checkpoint",), "keras2_graph": ("weights_checkpoint",), "keras3": ("weights_sharded",)}
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
READS_BROUGHT = ("weights_h5", "weights_h5_legacy", "h5", "tf_checkpoint")
WANTS = ("build",)


def load(ctx, artifact):
    return load_into(ctx.build(), weights_path(artifact))


def load_into(model, path, **arguments):
    model.load_weights(path, **arguments)
    build_optimizer(model)
    return Loaded(model)


def read(ctx, path):
    model = ctx.build()
    model.load_weights(weights_path(path) if os.path.isdir(path) else path)
    return Loaded(model)
