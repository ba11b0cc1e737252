"""``experimental.load_from_saved_model``, then compile with the user's code: Keras 2 from 1.14 to 2.10."""

from roundtrip.formats import saved_model_export
from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, only_file

TITLE = "load_from_saved_model, compiled anew"
APIS = saved_model_export.APIS
READS = ("saved_model_export",)
RESTORES = ("architecture",) + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
LINK = "https://www.tensorflow.org/versions/r2.0/api_docs/python/tf/keras/experimental/load_from_saved_model"


def load(ctx, artifact):
    path, objects = only_file(artifact), ctx.custom_objects()
    model = ctx.rt.v1.keras.experimental.load_from_saved_model(path, custom_objects=objects)
    ctx.module.compile(ctx.rt, model)
    return Loaded(model)
