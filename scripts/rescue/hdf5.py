"""Whole models in HDF5, and weights in the layout before that of ``.weights.h5``: every Keras since 1.0 writes them.

The layout is in no specification; it is what this code writes:
https://github.com/keras-team/keras/blob/v3.15.1/keras/src/legacy/saving/legacy_h5_format.py
"""

import functools
import json

import h5py
import numpy as np

from rescue.held import Held, Unreadable, Variable, Weight


def is_hdf5(path):
    """Whether the path is an HDF5 file with weights in the groups of their layers."""
    try:
        with h5py.File(path, "r") as file:
            return "layer_names" in _hdf5_weights(file).attrs or "layer_names0" in _hdf5_weights(file).attrs
    except (OSError, KeyError, AttributeError):
        return False


def read_hdf5(path, damaged=False):
    """The contents of such a file. Raises Unreadable, unless ``damaged``: then what cannot be read is listed."""
    held = Held(path, "HDF5 file of a whole model")
    file = _hdf5_open(path)
    with file:
        reading = _Reading(held, damaged)
        group = _hdf5_weights(file)
        if group is file:
            held.kind = "HDF5 file of weights"
        held.keras = hdf5_text(group.attrs.get("keras_version", file.attrs.get("keras_version"))) or None
        held.config = reading.json(file, "model_config")
        held.compiled = reading.json(file, "training_config")
        held.ordered = True
        for layer in hdf5_names(group, "layer_names"):
            reading.weights(group, layer, (layer,))
        if "top_level_model_weights" in group:
            reading.weights(group, "top_level_model_weights", ())
        if "optimizer_weights" in file:
            reading.optimizer(file["optimizer_weights"])
    return held


def _hdf5_open(path):
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise Unreadable("%s cannot be opened as HDF5: %s" % (path, error)) from error


def _hdf5_weights(file):
    return file["model_weights"] if "model_weights" in file else file


class _Reading(object):
    """Reads the parts of one file into ``held``; a part that cannot be read is an error, or a line of ``damage``."""

    def __init__(self, held, damaged):
        self.held, self.damaged = held, damaged

    def part(self, name, read):
        """The result of ``read()``; None if it fails and the file may be damaged."""
        try:
            return read()
        except (OSError, KeyError, ValueError, RuntimeError, AttributeError) as error:
            reason = "%s: %s" % (type(error).__name__, error)
            if not self.damaged:
                raise Unreadable("%s of %s cannot be read: %s" % (name, self.held.source, reason)) from error
            self.held.damage.append((name, reason))

    def json(self, file, name):
        if name not in file.attrs:
            return None
        return self.part(name, lambda: json.loads(hdf5_text(file.attrs[name])))

    def weights(self, group, layer, layers):
        names = self.part(layer, lambda: hdf5_names(group[layer], "weight_names")) or []
        for name in names:
            path = "%s/%s" % (layer, name)
            value = self.part(path, functools.partial(_hdf5_value, group, layer, name))
            if value is not None:
                self.held.weights.append(Weight(path, hdf5_plain(name), layers, value))

    def optimizer(self, group):
        """The optimizer's variables in their order. A name that stands twice has one value for both: it is left out."""
        names = self.part("optimizer_weights", lambda: hdf5_names(group, "weight_names")) or []
        for name in names:
            path = "optimizer_weights/" + name
            if names.count(name) > 1:
                reason = "%d variables have this name, and the file holds one value" % names.count(name)
                self.held.optimizer.append(Variable(path, None, None, None, None))
                self.held.damage += [(path, reason)] * (path not in dict(self.held.damage))
                continue
            value = self.part(path, functools.partial(_hdf5_value, group, name))
            self.held.optimizer.append(Variable(path, hdf5_plain(name), None, None, value))


def _hdf5_value(group, *path):
    for name in path:
        group = group[name]
    return np.array(group)


def hdf5_names(group, attribute):
    """A list of names in an attribute; a long one is split over attribute0, attribute1, ..."""
    if attribute in group.attrs:
        return [hdf5_text(name) for name in group.attrs[attribute]]
    parts, names = 0, []
    while attribute + str(parts) in group.attrs:
        names += [hdf5_text(name) for name in group.attrs[attribute + str(parts)]]
        parts += 1
    return names


def hdf5_text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def hdf5_plain(name):
    """A variable's name without TensorFlow's ``:0``."""
    return name[:-2] if name.endswith(":0") else name
