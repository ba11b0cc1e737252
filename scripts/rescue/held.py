"""What a file holds, as its reader found it: weights, the optimizer's variables, the stated configs."""

import collections

import numpy as np

#: a weight, or another variable of a layer (a seed, a counter)
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "dense/kernel"
#: layer : tuple of str, the names of its layer and of the models around it, outermost first; () if the file is silent
#: value : NumPy array
Weight = collections.namedtuple("Weight", "path name layer value")

#: a variable of the optimizer
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "Adam/dense/kernel/m"
#: slot : str or None, the name of the slot, if the file states it apart from the name: "m"
#: of : str or None, the ``path`` of the weight that the slot belongs to, if the file states it apart from the name
#: value : NumPy array
Variable = collections.namedtuple("Variable", "path name slot of value")


class Unreadable(Exception):
    """The file, or a part of it, cannot be read; the message says which part and why."""


class Held(object):
    """The contents of one file or folder.

    Attributes
    ----------
    source : str
    kind : str, "whole HDF5 file", "archive", "weights", "checkpoint", "SavedModel", ...
    keras : str or None, the version of Keras that wrote it, if the file states it
    config : dict or None, the model's config: {"class_name", "config"}
    compiled : dict or None, the stated compile arguments: "optimizer_config" (Keras 2's and HDF5's key) or "optimizer",
        "loss", "metrics", ...
    weights : list of Weight
        In the order of the model's layers if ``ordered``.
    ordered : bool, whether the order of ``weights`` is known to be that of the model's layers
    optimizer : list of Variable
        In the order of ``optimizer.variables``. [] if the file holds none.
    inner : list of Variable
        Those of the optimizer around which a LossScaleOptimizer lies; ``optimizer`` holds the outer ones then.
    facts : dict
        Other stated facts by name: "epoch" of BackupAndRestore.
    may_lack : bool, whether the user asked for what is left of a damaged file, so that weights may be missing
    damage : list of (path, reason), what could not be read. Only a reader called with ``damaged=True`` fills it; any
        other raises Unreadable.
    """

    def __init__(self, source, kind):
        self.source, self.kind, self.keras = source, kind, None
        self.config = self.compiled = None
        self.weights, self.ordered = [], False
        self.optimizer, self.inner = [], []
        self.facts, self.damage = {}, []
        self.may_lack = False


def listed_once(held):
    """The optimizer's variables, outer ones first. A LossScaleOptimizer lists those of the inner optimizer too."""
    own = len(held.optimizer) - len(held.inner)
    twice = held.inner and own >= 0 and all(map(_same_value, held.optimizer[own:], held.inner))
    return (held.optimizer[:own] if twice else held.optimizer) + held.inner


def _same_value(one, other):
    return np.shape(one.value) == np.shape(other.value) and np.array_equal(one.value, other.value)
