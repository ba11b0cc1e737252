"""Weights only, as HDF5 in the layout of Keras 1 and 2: ``model.save_weights("weights.h5")``.

The file name decides the layout: ``.weights.h5`` selects the new layout (Keras 2.12 and newer), any other ``.h5`` the
old one.
"""

from roundtrip.formats import SAVE_WEIGHTS_KERAS2, WEIGHTS, path, promise

TITLE = "weights, .h5 of Keras 2"
APIS = {"keras2": "", "keras2_graph": ""}
CARRIES = promise(WEIGHTS, SAVE_WEIGHTS_KERAS2)
FILES = {"weights.h5": "one HDF5 file: attribute layer_names, a group for each layer with its weight_names"}


def save(ctx, model, folder):
    model.save_weights(path(folder, "weights.h5"))
