"""``load_model(path)``, the code of registered custom objects imported and nothing passed."""

from roundtrip.formats import GUIDE
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, LAMBDA, WHOLE_MODEL, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("h5", "keras_archive")
READS_IN = {"keras2": ("saved_model",), "keras3": ("keras_directory",)}
RESTORES = WHOLE_MODEL
GIVES = EVERYTHING
WITHDRAWS = (
    Withdrawal(WHOLE_MODEL, GUIDE, trait="custom_unregistered"),
    Withdrawal(WHOLE_MODEL, LAMBDA, trait="lambda"),
)


def load(ctx, artifact):
    ctx.custom_objects()
    return Loaded(ctx.keras.models.load_model(only_file(artifact)))
