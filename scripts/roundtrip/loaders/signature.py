"""``tf.saved_model.load(path).signatures["serving_default"]``, called as a server calls it."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, _serving, only_file, saved_model_load
from roundtrip.state import to_numpy

TITLE = "tf.saved_model.load, serving_default"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("saved_model", "export", "saved_model_export", "saved_model_v1", "saved_model_v1_frozen")
RESTORES = WEIGHTS + CALLABLES
GIVES = ("predict", "signature")
WITHDRAWS = saved_model_load.WITHDRAWS
READS_BROUGHT = ("saved_model", "export", "saved_model_builder")


def load(ctx, artifact):
    restored = ctx.tf.saved_model.load(only_file(artifact))
    function = restored.signatures["serving_default"]
    specs = function.structured_input_signature[1]

    def predict(inputs):
        return _serving.unnamed(ctx, function(**_serving.named(ctx, sorted(specs), inputs)))

    facts = {name: _serving.signature(f) for name, f in restored.signatures.items()}
    return Loaded(predict=predict, keep=restored, signatures=facts)


def read(ctx, path):
    restored = getattr(ctx.tf.compat, "v2", ctx.tf).saved_model.load(path)  # TensorFlow 1 has another function there
    facts = {name: _serving.signature(f) for name, f in restored.signatures.items()}
    name = _serving.chosen(facts, ctx.item)
    function = restored.signatures[name]
    takes = facts[name]["inputs"]

    def call(values):
        return function(**{name: ctx.tf.constant(value) for name, value in values.items()})

    variables = {v.name.split(":")[0]: to_numpy(v) for v in getattr(restored, "variables", ())}
    return Loaded(takes=takes, call=call, keep=restored, signatures=facts, variables=variables or None)
