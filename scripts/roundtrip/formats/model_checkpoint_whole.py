"""``ModelCheckpoint`` of the whole model into one ``.keras`` archive, overwritten after each epoch."""

from roundtrip.formats import DURING_FIT, keras_archive, path

TITLE = "ModelCheckpoint, whole model, .keras"
APIS = keras_archive.APIS
LAYOUT = "keras_archive"
CARRIES = keras_archive.CARRIES
WITHDRAWS = keras_archive.WITHDRAWS
REJECTS = DURING_FIT
FILES = keras_archive.FILES


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "model.keras"))]
