"""``TFSMLayer(path, call_endpoint="serving_default")``: the documented way to read Keras 2's SavedModel."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, Unfit, _serving, only_file, tfsm_layer

TITLE = "TFSMLayer, serving_default"
APIS = tfsm_layer.APIS
BACKENDS = ("tensorflow",)
READS = ("saved_model", "export", "saved_model_export", "saved_model_v1", "saved_model_v1_frozen")
RESTORES = WEIGHTS + CALLABLES
GIVES = ("predict",)
WITHDRAWS = tfsm_layer.WITHDRAWS
REJECTS = {"multi_io": "documented: only endpoints with a single tensor argument are supported"}
READS_BROUGHT = ("saved_model", "export", "saved_model_builder")


def load(ctx, artifact):
    layer = ctx.keras.layers.TFSMLayer(only_file(artifact), call_endpoint="serving_default")
    return Loaded(predict=lambda inputs: _serving.unnamed(ctx, layer(ctx.tf.constant(inputs))), keep=layer)


def read(ctx, path):
    facts = {name: _serving.signature(f) for name, f in ctx.tf.saved_model.load(path).signatures.items()}
    name = _serving.chosen(facts, ctx.item)
    if len(facts[name]["inputs"]) != 1:
        raise Unfit("TFSMLayer takes endpoints of one tensor; this one takes %s" % ", ".join(facts[name]["inputs"]))
    layer = ctx.keras.layers.TFSMLayer(path, call_endpoint=name)

    def call(values):
        return layer(ctx.tf.constant(list(values.values())[0]))

    return Loaded(takes=facts[name]["inputs"], call=call, keep=layer, signatures=facts)
