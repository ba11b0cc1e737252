"""The content of a ``.keras`` archive as a plain folder, ``model.save(folder, zipped=False)``: Keras 3.4 and newer."""

from roundtrip.formats import SAVING_API, path
from roundtrip.formats.keras_archive import CARRIES, WITHDRAWS  # noqa: F401

TITLE = "whole model, unzipped .keras folder"
APIS = {"keras3": ">=3.4"}
CARRIES = dict(CARRIES, architecture=SAVING_API, weights=SAVING_API)
FILES = {
    "model/config.json": "the architecture and the compile arguments, as JSON",
    "model/metadata.json": "which Keras wrote it, and when",
    "model/model.weights.h5": "all variables, the optimizer's too, as HDF5",
}
OPTIONAL_FILES = {"model/assets/*": "what layers keep in files, e.g. a vocabulary"}


def save(ctx, model, folder):
    model.save(path(folder, "model"), zipped=False)
