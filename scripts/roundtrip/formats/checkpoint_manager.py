"""``tf.train.CheckpointManager(max_to_keep=3)``, which saves after each epoch and deletes the oldest checkpoint."""

from roundtrip.formats import DURING_FIT, checkpoint_files, tf_checkpoint

TITLE = "tf.train.CheckpointManager, max_to_keep=3"
APIS = tf_checkpoint.APIS
BACKENDS = ("tensorflow",)
CARRIES = tf_checkpoint.CARRIES
REJECTS = DURING_FIT
FILES = checkpoint_files("ckpt-*")


def callbacks(ctx, folder):
    class SaveEachEpoch(ctx.keras.callbacks.Callback):
        manager = None

        def on_epoch_end(self, epoch, logs=None):
            if self.manager is None:
                checkpoint = tf_checkpoint.checkpoint_of(ctx, self.model)
                self.manager = ctx.tf.train.CheckpointManager(checkpoint, folder, max_to_keep=3)
            self.manager.save()

    return [SaveEachEpoch()]
