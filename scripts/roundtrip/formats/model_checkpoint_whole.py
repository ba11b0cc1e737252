"""``ModelCheckpoint`` of the whole model into one ``.keras`` archive, written anew after each epoch."""

from roundtrip.formats import keras_archive, path

TITLE = "ModelCheckpoint, whole model, .keras"
APIS = keras_archive.APIS
LAYOUT = "keras_archive"
CARRIES = keras_archive.CARRIES
FILES = keras_archive.FILES


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "model.keras"))]
