"""``tf.saved_model.load(path)``: call ``serve`` of an export, or the restored object itself."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "tf.saved_model.load, object called"
APIS = {"keras3": "", "keras2": ""}
READS = ("saved_model", "export")
RESTORES = WEIGHTS + CALLABLES
GIVES = ("predict",)
#: what is loaded "is not a Keras object"; its variables and its call are there
LINK = "https://www.tensorflow.org/api_docs/python/tf/saved_model/load"
WITHDRAWS = (Withdrawal(("architecture",), LINK),)


def load(ctx, artifact):
    restored = ctx.tf.saved_model.load(only_file(artifact))
    function = getattr(restored, "serve", None) or (lambda x: restored(x, training=False))
    tensors = ctx.tf.nest.map_structure
    return Loaded(predict=lambda inputs: function(tensors(ctx.tf.constant, inputs)), keep=restored)
