"""``ModelCheckpoint`` every 5 epochs into ``cp-{epoch:04d}.ckpt``, a TensorFlow checkpoint: Keras 2.

TensorFlow's tutorial does the same: https://www.tensorflow.org/tutorials/keras/save_and_load
"""

from roundtrip.formats import DURING_FIT, checkpoint_files, model_checkpoint_every_5, weights_checkpoint

TITLE = "ModelCheckpoint, every 5 epochs, TensorFlow checkpoint"
APIS = {"keras2": ">=2.4", "keras2_graph": ">=2.4"}
LAYOUT = "numbered_weights_checkpoint"
CARRIES = weights_checkpoint.CARRIES
REJECTS = DURING_FIT
FILES = checkpoint_files("cp-[0-9][0-9][0-9][0-9].ckpt")


def callbacks(ctx, folder):
    return model_checkpoint_every_5.callbacks(ctx, folder, ".ckpt")
