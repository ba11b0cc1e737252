"""An artifact that the user brings: how a reproduction calls it, and holds it against what it states."""

import numpy as np

from roundtrip.brought.calling import arranged, call
from roundtrip.brought.inputs import bare
from roundtrip.brought.resume import targets
from roundtrip.state import optimizer_variables, to_numpy, weights_of


def custom_objects(ctx):
    """What the user's file defines."""
    return {n: v for n, v in vars(ctx.module.file).items() if not n.startswith("_") and callable(v)}


def outputs(ctx, loaded, values):
    """{output: array} for {input: array}."""
    found = loaded.call(values) if loaded.model is None else call(ctx, loaded.model, values)
    return {bare(name): to_numpy(value) for name, value in found.items()}


def fit_one_batch(ctx, model, values):
    batch = len(list(values.values())[0])
    inputs, wanted = arranged(model, values), targets(ctx, model, values)
    model.fit(inputs, wanted, batch_size=batch, epochs=1, verbose=0)


def disagreeing(expected, observed, allowed):
    """A line for each output that is missing, or differs by more than ``allowed``: (dtype, relative, absolute)."""
    for name, a in expected.items():
        (dtype, relative, absolute), b = allowed[name], observed.get(name)
        if b is None or np.shape(b) != a.shape or (dtype and b.dtype.name != dtype):
            words = "missing" if b is None else "%s %s" % (b.dtype.name, np.shape(b))
            yield "%s: %s, expected %s %s" % (name, words, dtype or a.dtype.name, a.shape)
        elif a.dtype.kind not in "fiub":
            if [str(x) for x in a.ravel()] != [str(to_text(x)) for x in b.ravel()]:
                yield "%s: %s, expected %s" % (name, b.ravel()[:3], a.ravel()[:3])
        elif not np.allclose(np.asarray(b, "float64"), np.asarray(a, "float64"), relative, absolute, equal_nan=True):
            yield "%s: %s, expected %s" % (name, np.ravel(b)[:3], a.ravel()[:3])


def to_text(x):
    return x.decode("utf-8", "replace") if isinstance(x, bytes) else x


def weights_elsewhere(stated, loaded):
    """A line for each weight that is in the file alone, or in the loaded model alone."""
    wanted = [(e["name"], to_numpy(e["value"])) for e in stated if e["role"] == "weight"]
    model = loaded.model
    held = [(v.name, to_numpy(v)) for v in weights_of(model)] if model is not None else list(loaded.variables.items())
    gone = [] if model is None else in_one_alone(wanted, held, "is in no loaded weight")
    return gone + in_one_alone(held, wanted, "is not in the file")


def optimizer_elsewhere(stated, loaded):
    """A line for each array of the optimizer in the file that is in no variable of the loaded one."""
    wanted = [(e["name"], to_numpy(e["value"])) for e in stated if e["role"] == "optimizer"]
    held = [(v.name, to_numpy(v)) for v in optimizer_variables(loaded.model)]
    return in_one_alone([(n, a) for n, a in wanted if a.any()], held, "is in no variable of the loaded optimizer")


def in_one_alone(these, others, words):
    left = [spelt(array) for _, array in others]
    lines = []
    for name, array in these:
        if spelt(array) in left:
            left.remove(spelt(array))
        else:
            lines.append("%s %s %s" % (name, array.shape, words))
    return lines


def spelt(array):
    """What must be equal: shape and bits; of a step counter the number, whose width differs between versions."""
    return int(array) if array.dtype.kind in "iu" and not array.shape else (array.shape, array.tobytes())


def not_compiled(loaded):
    optimizer = getattr(loaded.model, "optimizer", None)
    return ["the file states compile arguments, and the model has no optimizer"] if optimizer is None else []
