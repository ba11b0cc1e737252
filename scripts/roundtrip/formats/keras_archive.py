"""Whole model as a ``.keras`` archive, ``model.save("model.keras")``: Keras 3, and Keras 2 from 2.12."""

from roundtrip.formats import GUIDE, KERAS_3, SAVE_MODEL_KERAS2, SAVING_API, WHOLE_MODEL, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "whole model, .keras"
APIS = {"keras3": "", "keras2": ">=2.12"}
CARRIES = promise(WHOLE_MODEL, GUIDE)
CARRIES["optimizer_state"] = SAVING_API
#: "Thus models can be reinstantiated in the exact same state", and random seeds are state in Keras 3: docs/formats.md
CARRIES["rng_state"] = SAVING_API
CROSSES = {"keras2-keras3": KERAS_3, "backend": KERAS_3}
WITHDRAWS = (
    Withdrawal(tuple(CARRIES), GUIDE, trait="no_config"),
    # Keras 2's page says it "of the SavedModel or HDF5 file", and no variable of a model holds its random state
    Withdrawal(("rng_state",), SAVE_MODEL_KERAS2, apis=("keras2",)),
)
FILES = {"model.keras": "a zip: config.json (architecture, compile arguments), model.weights.h5, metadata.json"}


def save(ctx, model, folder):
    model.save(path(folder, "model.keras"), **in_archive_format(ctx))


def in_archive_format(ctx):
    """Keras 2.12 writes HDF5 to ``.keras`` without this argument."""
    return {"save_format": "keras_v3"} if ctx.rt.version[:2] == (2, 12) else {}
