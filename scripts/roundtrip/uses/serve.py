"""Call the signature with the test inputs, as a server does that knows only the signature's names.

The expected signature comes from the code that saved the artifact, if that code chose the names (``signatures`` of the
format, recorded in the manifest). Otherwise it comes from the model's code: inputs by name, shape and dtype; outputs
by shape and dtype only, because each format gives them other names.
"""

from roundtrip import training
from roundtrip.loaders import _serving
from roundtrip.uses import inference

TITLE = "serve"
NEEDS = ("signature",)
COMPARES = ("signatures", "predictions")
REJECTS = {"no_predictions": "the model has no call, so it gives no outputs"}


def run(ctx, loaded, record):
    record.facts["all_signatures"] = loaded.signatures
    if ctx.rt.api in ctx.module.APIS:  # else the manifest alone says what they must be
        record.facts["signatures"] = held_against_code(ctx, loaded.signatures)
    inference.run(ctx, loaded, record)


def held_against_code(ctx, signatures):
    """{"expected", "found"} of the signature that a server uses by default."""
    name = "serving_default" if "serving_default" in signatures else _serving.only(signatures)
    model = ctx.build()
    _, outputs = ctx.predict(model)
    expected = {"inputs": inputs_of(ctx, model), "outputs": [batched(x) for x in outputs]}
    return {"expected": comparable(expected, expected), "found": comparable(signatures[name], expected)}


def inputs_of(ctx, model):
    """{name: [shape, dtype]}; a list if the model's code does not name its inputs (subclassed)."""
    if getattr(model, "inputs", None):
        return {_serving.plain(x.name): _serving.spec(x) for x in model.inputs}
    return [batched(x) for x in training.flatten(ctx.data.test[0])[1]]


def batched(array):
    return [[None] + list(array.shape[1:]), array.dtype.name]


def comparable(signature, expected):
    """The signature without names and sorted, for the parts of ``expected`` that have no names."""
    parts = {}
    for part, tensors in signature.items():
        nameless = isinstance(expected[part], list)
        values = tensors.values() if isinstance(tensors, dict) else tensors
        parts[part] = sorted(values, key=str) if nameless else tensors
    return parts
