"""``ModelCheckpoint(save_weights_only=True)`` with one ``.weights.h5`` file, overwritten after each epoch."""

from roundtrip.formats import DURING_FIT, MODEL_CHECKPOINT, WEIGHTS, path, promise, weights_h5

TITLE = "ModelCheckpoint, weights, .weights.h5"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
LAYOUT = "weights_h5"
CARRIES = promise(WEIGHTS + ("optimizer_state",), MODEL_CHECKPOINT)
WITHDRAWS = weights_h5.WITHDRAWS
REJECTS = DURING_FIT
FILES = {"checkpoint.weights.h5": "the weights after the latest epoch; no architecture, no compile arguments"}


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.ModelCheckpoint(path(folder, "checkpoint.weights.h5"), save_weights_only=True)]
