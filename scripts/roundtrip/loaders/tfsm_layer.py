"""``TFSMLayer(path, call_endpoint="serve")``: an exported model as a layer of Keras 3."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, only_file
from roundtrip.withdrawals import Withdrawal

LINK = "https://keras.io/api/layers/backend_specific_layers/tfsm_layer/"

TITLE = "TFSMLayer, serve"
APIS = {"keras3": ""}
BACKENDS = ("tensorflow",)
READS = ("export",)
RESTORES = WEIGHTS + CALLABLES
GIVES = ("predict",)
#: it "retains none of the internal structure", and can be trained
WITHDRAWS = (Withdrawal(("architecture",), LINK),)


def load(ctx, artifact):
    layer = ctx.keras.layers.TFSMLayer(only_file(artifact), call_endpoint="serve")
    return Loaded(predict=layer, keep=layer)
