"""Whole model as one HDF5 file, ``model.save("model.h5")``: the legacy format of every Keras."""

import os

from roundtrip.formats import SAVING_API, WHOLE_MODEL, promise

TITLE = "whole model, .h5"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
CARRIES = promise(WHOLE_MODEL, SAVING_API)
FILES = {"model.h5": "one HDF5 file: model_config and training_config (JSON), model_weights, optimizer_weights"}


def save(ctx, model, folder):
    model.save(os.path.join(folder, "model.h5"))
