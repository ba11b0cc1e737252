"""HDF5 files as versions of Keras write them, by h5py alone."""

import json

import h5py
import numpy as np


def write(path, layers, optimizer=(), compiled=None, keras="3.15.1"):
    """Write a whole model.

    Parameters
    ----------
    path : pathlib.Path
    layers : list of (layer name, {weight name: array})
    optimizer : list of (name, array), the optimizer's variables in order
    compiled : dict or None, the training config
    """
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = keras
        if compiled is not None:
            file.attrs["training_config"] = json.dumps(compiled)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name, _ in layers]
        for name, weights in layers:
            inner = group.create_group(name)
            inner.attrs["weight_names"] = [weight.encode() for weight in weights]
            for weight, value in weights.items():
                inner[weight] = value
        if optimizer:
            group = file.create_group("optimizer_weights")
            group.attrs["weight_names"] = [name.encode() for name, _ in optimizer]
            for name, value in dict(optimizer).items():
                group[name] = value
    return path


def of(model, seed=1000, slot=lambda weight, slot: f"adam/{weight.path.replace('/', '_')}_{slot}"):
    """(layers, optimizer) for ``write``: another state of a model of helpers.live_models.

    ``slot(weight, name)`` names the variable of a slot.
    """
    values = np.random.default_rng(seed)
    layers = [
        (layer.name, {v.path: values.normal(size=v.shape).astype("float32") for v in layer.weights})
        for layer in model.layers
    ]
    optimizer = [("adam/iteration", np.int64(70)), ("adam/learning_rate", np.float32(0.01))]
    for weight in model.weights:
        optimizer.append((slot(weight, "momentum"), values.normal(size=weight.shape).astype("float32")))
        optimizer.append((slot(weight, "velocity"), values.uniform(size=weight.shape).astype("float32")))
    return layers, optimizer
