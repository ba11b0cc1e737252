"""``load_model(path, custom_objects={...}, safe_mode=False)``: Python code in the file (a lambda) is allowed."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, load_model, only_file

TITLE = "load_model, safe_mode=False"
APIS = {"keras3": "", "keras2": ">=2.13"}
READS = ("keras_archive",)
READS_IN = {"keras3": ("h5", "keras_directory")}
RESTORES = load_model.RESTORES
GIVES = EVERYTHING
WITHDRAWS = load_model._LAMBDAS
REQUIRES = {"lambda": "safe_mode decides over lambdas alone"}
WANTS = ("trusted",)


def load(ctx, artifact):
    path, objects = only_file(artifact), ctx.custom_objects()
    return Loaded(ctx.keras.models.load_model(path, custom_objects=objects, safe_mode=False))


def read(ctx, path):
    return Loaded(ctx.keras.models.load_model(path, custom_objects=ctx.custom_objects(), safe_mode=False))
