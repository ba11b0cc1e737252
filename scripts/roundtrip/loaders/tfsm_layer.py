"""``TFSMLayer(path, call_endpoint="serve")``: an export as a layer of Keras 3."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, only_file

LINK = "https://keras.io/api/layers/backend_specific_layers/tfsm_layer/"

TITLE = "TFSMLayer, serve"
APIS = {"keras3": ""}
BACKENDS = ("tensorflow",)
READS = ("export",)
RESTORES = CALLABLES
GIVES = ("predict",)


def load(ctx, artifact):
    layer = ctx.keras.layers.TFSMLayer(only_file(artifact), call_endpoint="serve")
    return Loaded(predict=layer, keep=layer)
