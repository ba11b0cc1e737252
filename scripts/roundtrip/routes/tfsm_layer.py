"""``TFSMLayer``: a SavedModel as a layer of Keras 3."""

from roundtrip.loaders import _serving
from roundtrip.routes import Reading
from roundtrip.state import to_numpy

TITLE = "TFSMLayer"
APIS = {"keras3": ""}
READS = ("saved_model",)
LINK = "https://keras.io/api/layers/backend_specific_layers/tfsm_layer/"


def run(ctx, path, wanted):
    sig = _serving.signature(ctx.tf.saved_model.load(path).signatures[wanted.signature])
    layer = ctx.keras.layers.TFSMLayer(path, call_endpoint=wanted.signature)
    values = wanted.fill(sig["inputs"])
    if len(values) != 1:
        raise ValueError("TFSMLayer is documented for endpoints of one tensor; this one takes %s" % ", ".join(values))
    outputs = layer(ctx.tf.constant(list(values.values())[0]))
    return Reading({wanted.signature: sig}, {name: to_numpy(value) for name, value in outputs.items()})
