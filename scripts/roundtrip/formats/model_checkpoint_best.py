"""``ModelCheckpoint(save_best_only=True)`` of the whole model into one ``.keras`` archive.

What is kept is the best epoch's state, and the reference has the last one's. So the last epoch must be the
best: the quantity watched is one that a callback before it puts into the logs, 0 after the first epoch, worse
in between, 1 after the last. The file is then written twice, and a ``ModelCheckpoint`` that keeps the first,
or takes the wrong direction, is found out.
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
