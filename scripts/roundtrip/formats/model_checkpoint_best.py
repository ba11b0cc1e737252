"""``ModelCheckpoint(save_best_only=True)`` of the whole model into one ``.keras`` archive.

The callback keeps the state of the best epoch, and the reference holds the state of the last epoch. So the last epoch
must be the best. Another callback therefore adds the monitored value to the logs: 0 after the first epoch, worse in
between, 1 after the last. The file is then written twice. A ``ModelCheckpoint`` that keeps the first epoch, or
compares in the wrong direction, gives another state than the reference.
"""

from roundtrip.formats import DURING_FIT, keras_archive, path

TITLE = "ModelCheckpoint, best only, .keras"
APIS = keras_archive.APIS
LAYOUT = "keras_archive"
CARRIES = keras_archive.CARRIES
WITHDRAWS = keras_archive.WITHDRAWS
REJECTS = DURING_FIT
FILES = keras_archive.FILES


def callbacks(ctx, folder):
    class Progress(ctx.keras.callbacks.Callback):
        _supports_tf_logs = True  # or Keras 2 gives this callback a copy of the logs

        def on_epoch_end(self, epoch, logs=None):
            logs["progress"] = 1.0 if epoch == ctx.before - 1 else -float(epoch)

    best = ctx.keras.callbacks.ModelCheckpoint(
        path(folder, "model.keras"), monitor="progress", mode="max", save_best_only=True
    )
    return [Progress(), best]
