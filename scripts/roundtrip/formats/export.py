"""``model.export("model")``: a SavedModel for inference, without compile arguments and optimizer."""

from roundtrip.formats import CALLABLES, EXPORT_API, KERAS_3_READS, SAVED_MODEL_EXTRAS, path, promise, saved_model_files

TITLE = "export, SavedModel"
APIS = {"keras3": "", "keras2": ">=2.13"}
CARRIES = promise(CALLABLES, EXPORT_API)
CROSSES = {"keras2-keras3": KERAS_3_READS, "keras2_graph-keras3": KERAS_3_READS}
FILES = saved_model_files()
OPTIONAL_FILES = SAVED_MODEL_EXTRAS


def save(ctx, model, folder):
    model.export(path(folder, "model"))
