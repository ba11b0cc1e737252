"""``tf.saved_model.load`` of TensorFlow 2, then call the signature."""

from roundtrip.loaders import _serving
from roundtrip.routes import Reading
from roundtrip.state import to_numpy

TITLE = "tf.saved_model.load, signature called"
APIS = {"keras3": "", "keras2": ""}
READS = ("saved_model",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/saved_model/load"


def run(ctx, path, wanted):
    restored = ctx.tf.saved_model.load(path)
    signatures = {name: _serving.signature(f) for name, f in restored.signatures.items()}
    return Reading(signatures, call(ctx, restored.signatures[wanted.signature], signatures[wanted.signature], wanted))


def call(ctx, function, sig, wanted):
    """{output: array} of a signature's function."""
    values = wanted.fill(sig["inputs"])
    return {n: to_numpy(v) for n, v in function(**{n: ctx.tf.constant(v) for n, v in values.items()}).items()}
