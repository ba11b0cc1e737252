"""``load_model(path)`` without further arguments, after importing the code of registered custom objects."""

from roundtrip.formats import GUIDE, LOAD_MODEL_KERAS2, SAVING_API
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, LAMBDA, WHOLE_MODEL, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
_ARCHIVES = ("keras_archive", "keras_directory")
READS = ("h5", "keras_archive")
READS_IN = {"keras2": ("saved_model",), "keras3": ("keras_directory",)}
RESTORES = WHOLE_MODEL + ("rng_state",)
GIVES = EVERYTHING
#: safe_mode, which is on, "is only applicable to the Keras v3 model format"
_SAFE_MODE = (
    Withdrawal(RESTORES, SAVING_API, trait="lambda", layouts=_ARCHIVES, apis=("keras3",)),
    Withdrawal(RESTORES, LOAD_MODEL_KERAS2, trait="lambda", layouts=_ARCHIVES, apis=("keras2",)),
)
_LAMBDAS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)
#: not of a SavedModel, whose guide promises them: https://github.com/keras-team/tf-keras/issues/642 has its words
_CUSTOM_OBJECTS = (Withdrawal(RESTORES, GUIDE, trait="custom_unregistered", layouts=("h5",) + _ARCHIVES),)
WITHDRAWS = _SAFE_MODE + _LAMBDAS + _CUSTOM_OBJECTS


def load(ctx, artifact):
    ctx.custom_objects()
    return Loaded(ctx.keras.models.load_model(only_file(artifact)))


def read(ctx, path):
    ctx.custom_objects()  # importing their code registers those that are to be registered
    return Loaded(ctx.keras.models.load_model(path))
