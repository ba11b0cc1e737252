"""What is called: a Keras model, or the callable of a loader; inputs and outputs have names."""

from roundtrip import training
from roundtrip.loaders import _serving
from roundtrip.state import to_numpy


class Callable(object):
    """``takes``: {input: [shape, dtype]}; ``run({input: array})`` gives {output: array}."""

    def __init__(self, takes, run):
        self.takes, self.run = takes, run


def of_loaded(ctx, loaded, arrays):
    """The Callable of a roundtrip.loaded.Loaded; None if it gives nothing to call.

    ``arrays`` are those that the file states: they tell the width of the input of a model without an input shape.
    """
    if loaded.model is None:
        return Callable(loaded.takes, loaded.call) if loaded.call else None
    takes = inputs_of(loaded.model) or {"input": [[None, first_rows(arrays)], "float32"]}
    return Callable(takes, lambda values: call(ctx, loaded.model, values))


def call(ctx, model, values):
    """{output: array} of a Keras model for {input: array}."""
    tensors = {name: ctx.tf.constant(value) for name, value in values.items()}
    outputs = model(arranged(model, tensors), training=False)
    _, leaves = training.flatten(outputs)
    names = getattr(model, "output_names", None) or []
    if isinstance(outputs, dict):
        names = sorted(outputs)
    return dict(zip(names if len(names) == len(leaves) else ["output_%d" % i for i in range(len(leaves))], leaves))


def arranged(model, tensors):
    """The inputs in the structure that the model takes: one tensor, a list in its own order, or a dict."""
    if len(tensors) == 1:
        return list(tensors.values())[0]
    structure = getattr(model, "input", None)
    if isinstance(structure, dict):
        own = {key: plain(x) for key, x in structure.items()}
        return {key: tensors[name] for key, name in own.items()} if set(own.values()) == set(tensors) else tensors
    return [tensors[plain(x)] for x in model.inputs]


def plain(x):
    return _serving.plain(x.name)


def inputs_of(model):
    """{input: [shape, dtype]} of a Keras model; empty if the model does not know its inputs."""
    inputs = getattr(model, "inputs", None) or []
    return {plain(x): [shape_of(x), str(getattr(x.dtype, "name", x.dtype))] for x in inputs}


def shape_of(x):
    dimensions = x.shape.as_list() if hasattr(x.shape, "as_list") else x.shape
    return [None if d is None else int(d) for d in dimensions]


def first_rows(arrays):
    """The rows of the first matrix in a file, in the order of the file; None if there is none."""
    return next((int(e["value"].shape[0]) for e in arrays if e["value"].ndim == 2 and e["role"] == "weight"), None)


def spec_of(values):
    """{name: [shape, dtype]} of arrays."""
    return {name: [list(to_numpy(v).shape), to_numpy(v).dtype.name] for name, v in values.items()}
