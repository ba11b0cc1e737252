"""Build and compile the model from its code, then ``keras_rescue.rescue(model, path)`` (docs/rescue.md).

It reads the file itself, so that it also reads one that this Keras does not open.
"""

import keras_rescue
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, _rescued, build_saver_restore, built, only_path

TITLE = "code + keras_rescue"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
_WHOLE = ("h5", "keras_archive", "keras_directory", "saved_model", "orbax")
_WEIGHTS = ("weights_h5", "weights_h5_legacy", "weights_sharded", "weights_checkpoint", "backup_and_restore")
_CHECKPOINTS = ("tf_checkpoint", "checkpoint_manager", "session_checkpoint", "session_saver")
READS = _WHOLE + _WEIGHTS + _CHECKPOINTS
READS_ACROSS = _rescued.ACROSS
RESTORES = ("weights", "non_trainable_state", "rng_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
READS_BROUGHT = ("h5", "keras_archive", "saved_model", "weights_h5", "weights_h5_legacy", "tf_checkpoint")
WITHDRAWS = build_saver_restore.WITHDRAWS
WANTS = ("build",)
RESCUES = True


def load(ctx, artifact):
    return rescued(ctx, built(ctx, ctx.build()), only_path(artifact))


def rescued(ctx, model, path):
    report = keras_rescue.rescue(model, path, custom_objects=ctx.custom_objects())
    print(report)
    return Loaded(model, facts=_rescued.facts(report))


def read(ctx, path):
    return rescued(ctx, ctx.build(), path)
