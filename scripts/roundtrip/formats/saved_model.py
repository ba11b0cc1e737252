"""Whole model as a SavedModel folder, ``model.save("model", save_format="tf")``: the default format of Keras 2."""

from roundtrip.formats import (
    CALLABLES,
    KERAS_3_READS,
    SAVE_MODEL_KERAS2,
    SAVED_MODEL_EXTRAS,
    SAVED_MODEL_GUIDE,
    WHOLE_MODEL,
    path,
    promise,
    saved_model_files,
)

TITLE = "whole model, SavedModel"
APIS = {"keras2": ">=1.15"}
CARRIES = dict(promise(WHOLE_MODEL, SAVE_MODEL_KERAS2), **promise(CALLABLES, SAVED_MODEL_GUIDE))
CROSSES = {"keras2-keras3": KERAS_3_READS, "keras2_graph-keras3": KERAS_3_READS}
FILES = saved_model_files()
OPTIONAL_FILES = SAVED_MODEL_EXTRAS


def save(ctx, model, folder):
    model.save(path(folder, "model"), save_format="tf")
