"""``ModelCheckpoint(save_weights_only=True)`` in TensorFlow's checkpoint format: Keras 2.

TensorFlow's tutorial does the same: https://www.tensorflow.org/tutorials/keras/save_and_load
"""

from roundtrip.formats import DURING_FIT, checkpoint_files, path, weights_checkpoint

TITLE = "ModelCheckpoint, weights, TensorFlow checkpoint"
APIS = weights_checkpoint.APIS
LAYOUT = "weights_checkpoint"
CARRIES = weights_checkpoint.CARRIES
WITHDRAWS = weights_checkpoint.WITHDRAWS
REJECTS = DURING_FIT
FILES = checkpoint_files("checkpoint.ckpt")


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "checkpoint.ckpt"), save_weights_only=True)]
