"""Whole model as one HDF5 file, ``model.save("model.h5")``: the legacy format, which every version of Keras has."""

from roundtrip.formats import GUIDE_KERAS2, KERAS_3_READS, TUTORIAL, WHOLE_MODEL, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "whole model, .h5"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
CARRIES = promise(WHOLE_MODEL, TUTORIAL)
CROSSES = {"keras2-keras3": KERAS_3_READS, "keras2_graph-keras3": KERAS_3_READS}
WITHDRAWS = (
    Withdrawal(("compile_config", "evaluation", "resume_trajectory"), GUIDE_KERAS2, trait="add_metric"),
    Withdrawal(WHOLE_MODEL, TUTORIAL, trait="no_config"),
)
REJECTS_IN = {
    "keras2": {"subclassed": "saving a subclassed model to HDF5 raises NotImplementedError, and says so"},
    "keras2_graph": {"subclassed": "saving a subclassed model to HDF5 raises NotImplementedError, and says so"},
}
FILES = {"model.h5": "one HDF5 file: model_config and training_config (JSON), model_weights, optimizer_weights"}


def save(ctx, model, folder):
    model.save(path(folder, "model.h5"))
