"""Weights in several HDF5 files, ``save_weights("model.weights.json", max_shard_size=...)``: Keras 3.10 and newer.

Each variable must fit into one shard.
"""

from roundtrip.formats import WEIGHTS_API, path
from roundtrip.formats.weights_h5 import CARRIES, WITHDRAWS  # noqa: F401

TITLE = "weights, sharded"
APIS = {"keras3": ">=3.10"}
FILES = {
    "model.weights.json": "which weight lies in which file",
    "model_*.weights.h5": "the weights; a new file is begun where the next would be over the size allowed",
}
LINK = WEIGHTS_API


def save(ctx, model, folder):
    largest = max(w.numpy().nbytes for w in model.variables + list(model.optimizer.variables))
    shard = 1.5 * max(largest, 4096)  # bytes; a variable must fit into one shard
    model.save_weights(path(folder, "model.weights.json"), max_shard_size=shard / 1024.0**3)
