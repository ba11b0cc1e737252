"""Weights only, in TensorFlow's checkpoint format: ``model.save_weights("weights")``, Keras 2."""

from roundtrip.formats import SAVE_WEIGHTS_KERAS2, checkpoint_files, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "weights, TensorFlow checkpoint"
APIS = {"keras2": "", "keras2_graph": ""}
CARRIES = promise(("weights", "non_trainable_state", "optimizer_state"), SAVE_WEIGHTS_KERAS2)
_IN_1_13 = "https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/engine/network.py#L1425"
WITHDRAWS = (Withdrawal(("optimizer_state",), _IN_1_13, keras="<1.14"),)
FILES = checkpoint_files("weights")


def save(ctx, model, folder):
    model.save_weights(path(folder, "weights"), save_format="tf")
