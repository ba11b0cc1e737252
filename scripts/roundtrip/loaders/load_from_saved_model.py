"""``experimental.load_from_saved_model``, then compiled by the user's code: Keras 2 before 2.11."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, only_file

TITLE = "load_from_saved_model, compiled anew"
APIS = {"keras2": "<2.11", "keras2_graph": "<2.11"}
READS = ("saved_model_export",)
RESTORES = ("architecture",) + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
LINK = "https://www.tensorflow.org/versions/r2.0/api_docs/python/tf/keras/experimental/load_from_saved_model"


def load(ctx, artifact):
    path, objects = only_file(artifact), ctx.custom_objects()
    model = ctx.keras.experimental.load_from_saved_model(path, custom_objects=objects)
    ctx.module.compile(ctx.rt, model)
    return Loaded(model)
