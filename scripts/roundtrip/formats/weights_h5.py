"""Weights alone as HDF5, ``model.save_weights("model.weights.h5")``."""

import os

from roundtrip.formats import WEIGHTS_API, promise

TITLE = "weights, .weights.h5"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
LAYOUT = "weights_h5"
CARRIES = promise(("weights", "non_trainable_state"), WEIGHTS_API)
FILES = {"model.weights.h5": "one HDF5 file with a group for each layer; no architecture, no compile arguments"}


def save(ctx, model, folder):
    model.save_weights(os.path.join(folder, "model.weights.h5"))
