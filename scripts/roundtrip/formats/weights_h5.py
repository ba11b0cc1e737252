"""Weights only, as HDF5: ``model.save_weights("model.weights.h5")``.

ModelCheckpoint's page also promises the optimizer's state, if the model is compiled before the weights are loaded.
"""

from roundtrip.formats import MODEL_CHECKPOINT, SAVE_WEIGHTS_KERAS2, WEIGHTS, WEIGHTS_API, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "weights, .weights.h5"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
CARRIES = dict(promise(WEIGHTS, WEIGHTS_API), optimizer_state=MODEL_CHECKPOINT)
WITHDRAWS = (
    Withdrawal(("optimizer_state",), WEIGHTS_API, apis=("keras3",), keras="<3.14"),
    Withdrawal(("optimizer_state",), SAVE_WEIGHTS_KERAS2, apis=("keras2", "keras2_graph")),
)
FILES = {"model.weights.h5": "one HDF5 file with a group for each layer; no architecture, no compile arguments"}


def save(ctx, model, folder):
    model.save_weights(path(folder, "model.weights.h5"))
