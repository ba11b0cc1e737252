"""``ModelCheckpoint`` of the whole model into one ``.h5`` file, overwritten after each epoch."""

from roundtrip.formats import DURING_FIT, h5, path

TITLE = "ModelCheckpoint, whole model, .h5"
APIS = dict(h5.APIS, keras3=">=3.8")  # before, ModelCheckpoint takes names in .keras alone
LAYOUT = "h5"
CARRIES = h5.CARRIES
WITHDRAWS = h5.WITHDRAWS
REJECTS_IN = h5.REJECTS_IN
REJECTS = DURING_FIT
FILES = h5.FILES


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "model.h5"))]
