"""The data of the user's model: what they give, split into samples to train and samples to test."""

import numpy as np

from roundtrip import training
from roundtrip.subject.code import CodeError

#: samples to train and to test, where there are enough
TRAIN, TEST = 200, 64
KEYS = "`x` or `x_<input name>`, and `y` or `y_<output name>`"


class Prepared(object):
    """The arrays of a user's model, like roundtrip.training.Data.

    ``train`` and ``test`` are (inputs, targets); targets may be None. ``batch_size`` is that of fit and predict.
    """

    def __init__(self, train, test, batch_size):
        self.train, self.test, self.batch_size = train, test, batch_size

    @property
    def batches(self):
        """The number of batches in an epoch."""
        return -(-length(self.train[0]) // self.batch_size)

    def limited(self, samples, batch_size):
        """The same with at most so many samples to train, and to test, in batches of another size."""
        parts = [tuple(training.first(part, samples) for part in both) for both in (self.train, self.test)]
        return Prepared(*parts, batch_size)


def read_npz(file):
    """{key: array} of an ``.npz``. Raises CodeError where it cannot be read without running code."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {key: strings_as_objects(arrays[key]) for key in arrays.files}
    except (OSError, ValueError) as error:
        raise CodeError("%s cannot be read: %s" % (file, error)) from error


def given(value):
    """{"x": ..., "y": ...} or {"x_<name>": ...} of what a function for data returned. Raises CodeError."""
    if isinstance(value, dict) and value and all(is_key(key) for key in value):
        return value
    if isinstance(value, tuple):
        if len(value) != 2:
            raise CodeError("the function for data returned %d values; return (x, y), x, or a dict" % len(value))
        return {"x": value[0], "y": value[1]}
    return {"x": value}


def is_key(key):
    return isinstance(key, str) and (key in ("x", "y") or key[:2] in ("x_", "y_"))


def assembled(arrays, model):
    """(inputs, targets) of the arrays, in the containers that the model takes; targets are None if none are given."""
    unknown = sorted(str(key) for key in arrays if not is_key(key))
    if unknown:
        raise CodeError("the data have %s; the keys are %s" % (", ".join(unknown), KEYS))
    sides = [side(arrays, letter, names_of(model, part)) for letter, part in (("x", "input"), ("y", "output"))]
    if sides[0] is None:
        raise CodeError("the data have no inputs; the keys are %s" % KEYS)
    lengths = {len(leaf) for part in sides for leaf in leaves(part)}
    if len(lengths) > 1:
        raise CodeError("the data have arrays of different lengths: %s" % ", ".join(map(str, sorted(lengths))))
    return as_declared(sides[0], model), sides[1]


def side(arrays, letter, names):
    """The inputs (``x``) or the targets (``y``): as given, or by name in the order of ``names``."""
    named = {key[2:]: as_array(value) for key, value in arrays.items() if key.startswith(letter + "_")}
    if letter in arrays:
        if named:
            raise CodeError("the data have both `%s` and `%s_%s`" % (letter, letter, sorted(named)[0]))
        return None if arrays[letter] is None else mapped(as_array, arrays[letter])
    differing = sorted(set(names.keys) ^ set(named)) if names and named else []
    if differing:
        raise CodeError("`%s_...` of the data and the model's names differ in %s" % (letter, ", ".join(differing)))
    return (names.contained(named) if names else named) if named else None


class Names(object):
    """The names of a functional model's inputs or outputs, and whether they are the keys of a dict."""

    def __init__(self, keys, is_dict):
        self.keys, self.is_dict = keys, is_dict

    def contained(self, named):
        """The arrays by name in the model's own container."""
        values = [named[key] for key in self.keys]
        return named if self.is_dict else values if len(values) > 1 else values[0]


def names_of(model, part):
    """The Names of the inputs (``input``) or outputs (``output``); None where the model has no graph of layers."""
    if not getattr(model, "inputs", None):
        return None
    structure = getattr(model, part, None)
    if isinstance(structure, dict):
        return Names(list(structure), True)
    if part == "output":
        return Names(list(model.output_names), False)
    return Names([tensor.name.split(":")[0] for tensor in model.inputs], False)


def as_declared(inputs, model):
    """The inputs in the dtypes that a functional model declares: what fit casts, a signature refuses."""
    names, tensors = names_of(model, "input"), list(getattr(model, "inputs", None) or ())
    declared = [str(getattr(t.dtype, "name", t.dtype)) for t in tensors]
    if isinstance(inputs, dict):
        named = dict(zip(names.keys, declared)) if names else {}
        return {key: cast(value, named.get(key)) for key, value in inputs.items()}
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(cast(value, dtype) for value, dtype in zip(inputs, declared or [None] * len(inputs)))
    return cast(inputs, declared[0] if declared else None)


def cast(value, dtype):
    if isinstance(value, (dict, list, tuple)) or value.dtype == object or dtype in ("string", "bfloat16"):
        return value
    return value.astype(dtype) if dtype else as_float32(value)


def as_float32(value):
    """What is NumPy's default, and Keras' not."""
    return value.astype("float32") if value.dtype == "float64" else value


def mapped(function, value):
    """A function of each array in any containers."""
    if isinstance(value, dict):
        return {key: mapped(function, item) for key, item in value.items()}
    if isinstance(value, tuple) or (isinstance(value, list) and value and hasattr(value[0], "shape")):
        return type(value)(mapped(function, item) for item in value)
    return function(value)


def leaves(value):
    """The arrays in any containers, in order."""
    found = []
    if value is not None:
        mapped(found.append, value)
    return found


def as_array(value):
    """NumPy's array of a value: a tensor, a list of numbers; strings as objects, which Keras takes."""
    return as_float32(strings_as_objects(np.asarray(value.numpy() if hasattr(value, "numpy") else value)))


def strings_as_objects(array):
    return array.astype(object) if array.dtype.kind in "US" else array


def length(inputs):
    return len(leaves(inputs)[0])


def split(inputs, targets, batch=None):
    """Prepared with the first samples to train and the last ones to test; ``batch``: the only size that fits."""
    count, unit = length(inputs), batch or 1
    test = min(TEST, max(1, count // 4)) // unit * unit or unit
    train = min(TRAIN, max(1, count - test)) // unit * unit or unit
    if count < unit:
        raise CodeError("the data have %d samples, and the model takes batches of %d" % (count, unit))
    first = tuple(mapped(lambda x: x[:train], part) if part is not None else None for part in (inputs, targets))
    last = tuple(mapped(lambda x: x[len(x) - test :], part) if part is not None else None for part in (inputs, targets))
    return Prepared(first, last, batch or training.BATCH_SIZE)
