"""``ModelCheckpoint`` of the whole model into a SavedModel folder, overwritten after each epoch: Keras 2."""

from roundtrip.formats import DURING_FIT, path, saved_model

TITLE = "ModelCheckpoint, whole model, SavedModel"
APIS = {"keras2": ">=2.0"}  # before, ModelCheckpoint saves HDF5 under every name
LAYOUT = "saved_model"
CARRIES = saved_model.CARRIES
REJECTS = DURING_FIT
FILES = saved_model.FILES
OPTIONAL_FILES = saved_model.OPTIONAL_FILES


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "model"))]
