"""Whole model as a ``.keras`` archive, ``model.save("model.keras")``: the format of Keras 3, in Keras 2 from 2.12."""

import os

from roundtrip.formats import SAVING_API, WHOLE_MODEL, promise

TITLE = "whole model, .keras"
APIS = {"keras3": "", "keras2": ">=2.12"}
CARRIES = promise(WHOLE_MODEL, SAVING_API)
FILES = {"model.keras": "a zip: config.json (architecture, compile arguments), model.weights.h5, metadata.json"}


def save(ctx, model, folder):
    model.save(os.path.join(folder, "model.keras"))
