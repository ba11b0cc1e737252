"""``TFSMLayer(path, call_endpoint="serving_default")``: the documented way to read Keras 2's SavedModel."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, _serving, only_file, tfsm_layer

TITLE = "TFSMLayer, serving_default"
APIS = tfsm_layer.APIS
BACKENDS = ("tensorflow",)
READS = ("saved_model", "export", "saved_model_export", "saved_model_v1", "saved_model_v1_frozen")
RESTORES = WEIGHTS + CALLABLES
GIVES = ("predict",)
WITHDRAWS = tfsm_layer.WITHDRAWS
REJECTS = {"multi_io": "documented: only endpoints with a single tensor argument are supported"}


def load(ctx, artifact):
    layer = ctx.keras.layers.TFSMLayer(only_file(artifact), call_endpoint="serving_default")
    return Loaded(predict=lambda inputs: _serving.unnamed(ctx, layer(ctx.tf.constant(inputs))), keep=layer)
