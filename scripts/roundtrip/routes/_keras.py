"""Functions for the routes that return a Keras model."""

import os

import h5py

from roundtrip import state, training
from roundtrip.routes import Reading


def read(ctx, model, path, wanted):
    """The model's layers, signature, outputs and weights.

    If the file holds no weights, only the layers: the outputs of such a model would be random.
    """
    layers = [[type(layer).__name__, layer.name] for layer in state.flat_layers(model)]
    if not holds_weights(path):
        return Reading({}, architecture=layers)
    sig = specs(model, path)
    values = wanted.fill(sig)
    given = list(values.values())[0] if len(values) == 1 else values
    _, leaves = training.flatten(model(given, training=False))
    names = wanted.outputs if len(wanted.outputs) == len(leaves) else ["output_%d" % i for i in range(len(leaves))]
    described = {name: [[None] + list(x.shape[1:]), x.dtype.name] for name, x in zip(names, leaves)}
    weights = {"%03d" % i: state.to_numpy(v) for i, v in enumerate(model.weights)}  # names differ between versions
    return Reading({"model": {"inputs": sig, "outputs": described}}, dict(zip(names, leaves)), weights, layers)


def holds_weights(path):
    """False for an HDF5 file with a model and no arrays, which was saved before the layers had weights."""
    if not os.path.isfile(path) or not h5py.is_hdf5(path):
        return True
    found = []
    with h5py.File(path, "r") as f:
        f.visititems(lambda name, value: found.append(name) if isinstance(value, h5py.Dataset) else None)
    return bool(found)


def specs(model, path):
    """{input: [shape, dtype]}; without an input shape, the shape follows from the first kernel."""
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return {"input": [[None, first_rows(path)], "float32"]}
    if len(inputs) == 1:
        return {"input": spec(inputs[0])}
    return {x.name.split(":")[0]: spec(x) for x in inputs}


def spec(x):
    return [[None if d is None else int(d) for d in x.shape], str(getattr(x.dtype, "name", x.dtype))]


def first_rows(path):
    """The number of rows of the first kernel in a Keras HDF5 file, in the order of the layers."""
    with h5py.File(path, "r") as f:
        group = f["model_weights"] if "model_weights" in f else f
        for layer in group.attrs["layer_names"]:
            for name in group[layer].attrs["weight_names"]:
                values = group[layer][name]
                if len(values.shape) == 2:
                    return int(values.shape[0])
    raise ValueError("the input shape is unknown, also from the kernels: give `inputs` in the configuration")
