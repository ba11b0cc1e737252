"""``model.export("model")``: a SavedModel for inference, without anything to train on."""

from roundtrip.formats import CALLABLES, EXPORT_API, SAVED_MODEL_EXTRAS, path, promise, saved_model_files

TITLE = "export, SavedModel"
APIS = {"keras3": "", "keras2": ">=2.13"}
CARRIES = promise(CALLABLES, EXPORT_API)
FILES = saved_model_files()
OPTIONAL_FILES = SAVED_MODEL_EXTRAS


def save(ctx, model, folder):
    model.export(path(folder, "model"))
