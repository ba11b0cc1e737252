"""``tf.saved_model.load(path)``, the restored object itself called: ``serve`` of an export, else the object."""

from roundtrip.formats import SAVED_MODEL_GUIDE
from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, only_file

TITLE = "tf.saved_model.load, object called"
APIS = {"keras3": "", "keras2": ""}
READS = ("saved_model", "export")
RESTORES = CALLABLES
GIVES = ("predict",)
LINK = SAVED_MODEL_GUIDE


def load(ctx, artifact):
    restored = ctx.tf.saved_model.load(only_file(artifact))
    function = getattr(restored, "serve", None) or (lambda x: restored(x, training=False))
    tensors = ctx.tf.nest.map_structure
    return Loaded(predict=lambda inputs: function(tensors(ctx.tf.constant, inputs)), keep=restored)
