"""``clone_model`` of a loaded model: the architecture, with fresh weights."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import load_model_no_compile

LINK = "https://keras.io/api/models/model_saving_apis/model_config_serialization/#clonemodel-function"

TITLE = "load_model + clone_model"
APIS = load_model_no_compile.APIS
READS, READS_IN = ("keras_archive",), {"keras2": ("saved_model",)}
RESTORES = ("architecture",)
GIVES = ("predict",)
WITHDRAWS = load_model_no_compile.WITHDRAWS
REJECTS = {"subclassed": "clone_model is documented for functional and sequential models"}


def load(ctx, artifact):
    return Loaded(ctx.keras.models.clone_model(load_model_no_compile.uncompiled(ctx, artifact)))
