"""``BackupAndRestore`` in a fit of all epochs, which is interrupted after the epochs before."""

from roundtrip.formats import DURING_FIT, promise

LINK = "https://keras.io/api/callbacks/backup_and_restore/"

TITLE = "BackupAndRestore, interrupted fit"
APIS = {"keras3": "", "keras2": ">=2.8"}
CARRIES = promise(("weights", "non_trainable_state", "optimizer_state"), LINK)
REJECTS = DURING_FIT
OPTIONAL_FILES = {
    "latest.weights.h5": "Keras 3: weights and optimizer after the latest epoch, as HDF5",
    "training_metadata.json": "Keras 3: the epoch to go on with",
    "chief/checkpoint": "Keras 2: names the checkpoint beside it",
    "chief/ckpt-*.index": "Keras 2: where each variable (model, optimizer, epoch, batch) lies in the data file",
    "chief/ckpt-*.data-00000-of-00001": "Keras 2: the variables' values",
}


class Interrupted(Exception):
    """The exception that the interrupting callback raises."""


def fit(ctx, model, folder):
    class Interrupt(ctx.keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == ctx.before:
                raise Interrupted()

    try:
        ctx.fit(model, 0, ctx.before + ctx.after, [ctx.keras.callbacks.BackupAndRestore(folder), Interrupt()])
    except Interrupted:
        return
    raise RuntimeError("fit was not interrupted")
