"""Build the model from its code, then ``load_weights(path)`` of a file or folder that holds a whole model."""

from roundtrip.formats import WEIGHTS_API
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights, weights_path
from roundtrip.withdrawals import Withdrawal

TITLE = "code + load_weights of a whole model"
APIS = build_load_weights.APIS
READS = ("h5",)
READS_IN = {"keras3": ("keras_archive",), "keras2": ("keras_archive", "saved_model")}
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
#: "Loads all layer weights from a saved files", and "Load the weights": nothing is said of any other state
_KERAS2 = "https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/Model#load_weights"
_WHOLE = ("h5", "keras_archive", "saved_model")
WITHDRAWS = (
    Withdrawal(("optimizer_state", "rng_state"), WEIGHTS_API, layouts=_WHOLE, apis=("keras3",)),
    Withdrawal(("optimizer_state", "rng_state"), _KERAS2, layouts=_WHOLE, apis=("keras2", "keras2_graph")),
)


def load(ctx, artifact):
    return build_load_weights.load_into(ctx.build(), weights_path(artifact))
