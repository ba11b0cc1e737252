"""Whole model as a ``.keras`` archive, ``model.save("model.keras")``: the format of Keras 3, in Keras 2 from 2.12."""

from roundtrip.formats import GUIDE, KERAS_3, SAVING_API, WHOLE_MODEL, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "whole model, .keras"
APIS = {"keras3": "", "keras2": ">=2.12"}
CARRIES = promise(WHOLE_MODEL, GUIDE)
CARRIES["optimizer_state"] = SAVING_API
CROSSES = {"keras2-keras3": KERAS_3, "backend": KERAS_3}
WITHDRAWS = (Withdrawal(WHOLE_MODEL, GUIDE, trait="no_config"),)
FILES = {"model.keras": "a zip: config.json (architecture, compile arguments), model.weights.h5, metadata.json"}


def save(ctx, model, folder):
    model.save(path(folder, "model.keras"), **in_archive_format(ctx))


def in_archive_format(ctx):
    """Keras 2.12 takes ``.keras`` for HDF5 unless it is told otherwise."""
    return {"save_format": "keras_v3"} if ctx.rt.version[:2] == (2, 12) else {}
