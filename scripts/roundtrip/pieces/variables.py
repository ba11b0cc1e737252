"""What a model holds, as plain lists: [name, dtype, values] of each variable."""

import numpy as np


def listed(variables):
    """[name, dtype, values] of each variable."""
    return [entry(v, v.numpy()) for v in variables]


def listed_in_graph(rt, variables):
    """[name, dtype, values] of each variable, from Keras' session."""
    return [entry(v, value) for v, value in zip(variables, rt.keras.backend.batch_get_value(variables))]


def entry(variable, value):
    name = getattr(variable, "path", variable.name)
    return [name, np.asarray(value).dtype.name, np.asarray(value, "float64").tolist()]


def leaves(outputs, name="output"):
    """[place, dtype, values] of each array in lists, tuples and dicts."""
    if isinstance(outputs, dict):
        return [leaf for key in sorted(outputs) for leaf in leaves(outputs[key], "%s[%r]" % (name, key))]
    if isinstance(outputs, (list, tuple)):
        kind = "%s, %s" % (name, type(outputs).__name__)
        return [leaf for i, value in enumerate(outputs) for leaf in leaves(value, "%s[%d]" % (kind, i))]
    array = np.asarray(outputs)
    return [[name, array.dtype.name, array.tolist()]]
