"""``clone_model`` of a loaded model: the same architecture with new weights."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import WEIGHTS, load_model_no_compile
from roundtrip.withdrawals import Withdrawal

LINK = "https://keras.io/api/models/model_saving_apis/model_config_serialization/#clonemodel-function"

TITLE = "load_model + clone_model"
APIS = load_model_no_compile.APIS
READS, READS_IN = ("keras_archive",), {"keras2": ("saved_model",)}
RESTORES = ("architecture",)
GIVES = ("predict",)
#: it "creates new layers (and thus new weights)"
WITHDRAWS = load_model_no_compile.WITHDRAWS + (Withdrawal(WEIGHTS + ("predictions",), LINK),)
REJECTS = {"subclassed": "clone_model is documented for functional and sequential models"}


def load(ctx, artifact):
    return Loaded(ctx.keras.models.clone_model(load_model_no_compile.uncompiled(ctx, artifact)))
