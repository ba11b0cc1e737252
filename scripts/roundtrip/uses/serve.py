"""Serving: call the signature with the test inputs, as a server would that knows the names and nothing more.

What the signature should be comes from the model's code: its inputs by name, shape and dtype, its outputs by
shape and dtype (each format has other names for them).
"""

from roundtrip import training
from roundtrip.loaders import _serving
from roundtrip.uses import inference

TITLE = "serve"
NEEDS = ("signature",)
COMPARES = ("signatures", "predictions")


def run(ctx, loaded, record):
    name = "serving_default" if "serving_default" in loaded.signatures else _serving.only(loaded.signatures)
    model = ctx.build()
    _, outputs = ctx.predict(model)
    expected = {"inputs": inputs_of(ctx, model), "outputs": [batched(x) for x in outputs]}
    found = loaded.signatures[name]
    record.facts["all_signatures"] = loaded.signatures
    record.facts["signatures"] = {"expected": comparable(expected, expected), "found": comparable(found, expected)}
    inference.run(ctx, loaded, record)


def inputs_of(ctx, model):
    """{name: [shape, dtype]}; a list where the model's code names no inputs (subclassed)."""
    if getattr(model, "inputs", None):
        return {_serving.plain(x.name): _serving.spec(x) for x in model.inputs}
    return [batched(x) for x in training.flatten(ctx.data.test[0])[1]]


def batched(array):
    return [[None] + list(array.shape[1:]), array.dtype.name]


def comparable(signature, expected):
    """Without names, and sorted, where ``expected`` has none."""
    parts = {}
    for part, tensors in signature.items():
        nameless = isinstance(expected[part], list)
        values = tensors.values() if isinstance(tensors, dict) else tensors
        parts[part] = sorted(values, key=str) if nameless else tensors
    return parts
