"""The variables of a live model as arrays: weights, other state, random seeds, optimizer variables."""

import hashlib

import numpy as np

#: role of a variable -> the facet that it belongs to
FACET_OF_ROLE = {
    "trainable": "weights",
    "non_trainable": "non_trainable_state",
    "rng": "rng_state",
    "optimizer": "optimizer_state",
}


def variables(rt, model):
    """All variables of a Keras model in creation order.

    Returns a list of (name, role, variable); the roles are the keys of FACET_OF_ROLE. In Keras 3 the states of seed
    generators are in ``Model.variables`` and not in ``Model.weights``:
    https://keras.io/api/layers/base_layer/
    """
    trainable = {id(v) for v in model.trainable_weights}
    weights = weights_of(model)
    found = [(v, "trainable" if id(v) in trainable else "non_trainable") for v in weights]
    if rt.api == "keras3":
        seen = {id(v) for v in weights} | {id(v) for v in model.metrics_variables}
        found += [(v, "rng") for v in model.variables if id(v) not in seen]
    found += [(v, "optimizer") for v in optimizer_variables(model)]
    return [(name, role, v) for name, (v, role) in zip(_distinct(v for v, _ in found), found)]


def weights_of(model):
    """The weights that are variables, without the handlers of lookup tables, which Keras 2 lists too.

    A vocabulary is a part of the description instead (roundtrip.describe).
    """
    return [v for v in model.weights if hasattr(v, "shape")]


def optimizer_variables(model):
    """The optimizer's variables (step counter, learning rate, slots); an empty list without an optimizer.

    The optimizers of TensorFlow 1.13's graph mode list ``weights``, and most do not list their step counter:
    https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/optimizers.py#L261
    """
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return []
    if not hasattr(optimizer, "variables"):
        listed, counter = list(getattr(optimizer, "weights", [])), getattr(optimizer, "iterations", None)
        return listed if counter is None or id(counter) in map(id, listed) else [counter] + listed
    listed = optimizer.variables
    return list(listed() if callable(listed) else listed)


def _distinct(found):
    """The names; a repeated name gets ``#2``, ``#3``, ..., because names need not be unique in Keras."""
    count = {}
    for v in found:
        name = getattr(v, "path", None) or v.name
        name = name[:-2] if name.endswith(":0") else name
        count[name] = count.get(name, 0) + 1
        yield name if count[name] == 1 else "%s#%d" % (name, count[name])


def capture(rt, model, read=None):
    """A list of {"name", "role", "value"}; values are NumPy arrays, copied.

    ``read(variables)`` returns the values if a session holds them and not the variables themselves.
    """
    found = variables(rt, model)
    values = (read or list)([v for _, _, v in found])
    return [{"name": name, "role": role, "value": to_numpy(x)} for (name, role, _), x in zip(found, values)]


def to_numpy(value):
    """A copy as a NumPy array; an object array for other values (e.g. a string tensor)."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    return np.array(value)


def digest(array):
    """SHA-256 over dtype, shape and bytes: equal if and only if the arrays are the same bit for bit."""
    array = np.ascontiguousarray(array)
    sha = hashlib.sha256(("%s %s " % (array.dtype.name, array.shape)).encode())
    sha.update(repr(array.tolist()).encode("utf-8") if array.dtype == object else array.tobytes())
    return sha.hexdigest()


def state_digest(captured):
    """One digest of a captured state: names, roles and values in order.

    The digest leaves out the names of optimizer variables: in Keras 2 they depend on whether fit or a callback built
    the optimizer.
    """
    sha = hashlib.sha256()
    for entry in captured:
        name = "" if entry["role"] == "optimizer" else entry["name"]
        sha.update(("%s %s %s\n" % (name, entry["role"], digest(entry["value"]))).encode("utf-8"))
    return sha.hexdigest()


def randomise(rt, model, seed, assign=None):
    """Give every weight a random value that depends only on its position, its shape and the seed.

    So initial weights do not depend on the initializers of a version, layers of one shape differ, and the statistics
    of BatchNormalization differ from their defaults of zeros and ones. Integers, and layers with computed weights
    (adapted to data, or quantized), do not change. In graph mode ``assign(v, value)`` replaces ``v.assign(value)``,
    which would only add an op to the graph.
    """
    kept = {id(v) for layer in flat_layers(model) if computed(layer) for v in layer.weights}
    for position, v in enumerate(weights_of(model)):
        if id(v) in kept or np.issubdtype(_dtype(v), np.integer):
            continue
        values = np.random.RandomState([seed, position])
        shape = tuple(int(d) for d in v.shape)
        name = (getattr(v, "path", None) or v.name).lower().split("/")[-1]
        if any(word in name for word in ("variance", "gamma", "scale")):
            value = values.uniform(0.5, 1.5, shape)
        else:
            fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 0
            value = values.normal(0.0, fan_in**-0.5 if fan_in else 0.1, shape)
        value = value.astype(_dtype(v))
        if assign:
            assign(v, value)
        else:
            v.assign(value)


def flat_layers(model):
    """All layers at any depth, once each, without the model itself (``_flatten_layers`` of Keras)."""
    flatten = getattr(model, "_flatten_layers", None)
    return list(flatten(include_self=False, recursive=True) if flatten else model.layers)


def computed(layer):
    """Whether a layer's weights are computed, by ``adapt`` or by quantization."""
    return hasattr(layer, "adapt") or getattr(layer, "quantization_mode", None) is not None


def _dtype(v):
    dtype = getattr(v.dtype, "as_numpy_dtype", v.dtype)
    if dtype == "bfloat16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(dtype)
