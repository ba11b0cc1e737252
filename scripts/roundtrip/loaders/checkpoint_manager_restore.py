"""Build the model from its code, then ``CheckpointManager(...).restore_or_initialize()``."""

from roundtrip.formats import tf_checkpoint
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer, checkpoint_restore

TITLE = "code + CheckpointManager.restore_or_initialize"
APIS = {"keras3": "", "keras2": ">=2.4"}
BACKENDS = ("tensorflow",)
READS = ("checkpoint_manager",)
RESTORES = checkpoint_restore.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    checkpoint = tf_checkpoint.checkpoint_of(ctx, model)
    manager = ctx.tf.train.CheckpointManager(checkpoint, artifact, max_to_keep=3)
    restored = manager.restore_or_initialize()
    build_optimizer(model)
    kept = [name.rsplit("/", 1)[-1] for name in manager.checkpoints]
    return Loaded(model, keep=manager, facts={"restored": bool(restored), "checkpoints": kept})
