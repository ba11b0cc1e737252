"""``load_model(path, custom_objects={...})``: the objects that the model's code defines are passed by name."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, load_model, only_file

TITLE = "load_model, custom_objects"
APIS = load_model.APIS
READS, READS_IN = load_model.READS, load_model.READS_IN
RESTORES = load_model.RESTORES
GIVES = EVERYTHING
WITHDRAWS = load_model._SAFE_MODE + load_model._LAMBDAS
WANTS = ("custom_objects",)


def load(ctx, artifact):
    return Loaded(ctx.keras.models.load_model(only_file(artifact), custom_objects=ctx.custom_objects()))


def read(ctx, path):
    return Loaded(ctx.keras.models.load_model(path, custom_objects=ctx.custom_objects()))
