"""Data that are made up: inputs by the model's input specification, targets by its outputs and its loss.

The values are drawn from a seed. What cannot be known (the number of time steps, the largest index) is tried: the
model is called, and of the sizes that it takes the smallest one counts.
"""

import numpy as np

from roundtrip import describe_compile, state, training
from roundtrip.subject import arrays
from roundtrip.subject.code import CodeError

#: sizes that are tried for a dimension of any size
SIZES = (8, 16, 32, 64, 128, 224)
#: integers below this where no layer says how many there are
INTEGERS = 10
REMEDY = "Give `data:` (an .npz, or a function that returns arrays)"


def inputs(model, count):
    """Inputs that the model takes. Raises CodeError where its inputs are not known, or no size fits."""
    wanted = specification(model)
    if wanted is None:
        raise CodeError("the model does not say what its inputs are (a subclassed model does not). " + REMEDY)
    errors = []
    for size in SIZES:
        values = training.tensors(arrays.mapped(lambda spec, size=size: drawn(model, spec, count, size), wanted))
        try:
            _, outputs = training.flatten(model(training.first(values, 2)))
        except Exception as error:
            errors.append(error)
            continue
        if all(np.isfinite(x).all() for x in outputs if x.dtype.kind == "f"):
            return values
    if errors:
        raise CodeError("the model takes no inputs that were made up: %s. %s" % (errors[-1], REMEDY)) from errors[-1]
    raise CodeError("the model's outputs for made-up inputs are not finite. " + REMEDY)


class Spec(object):
    """One input: shape without the batch, dtype, whether it is a table's index, and its position."""

    def __init__(self, tensor, position, indices):
        shape = tensor.shape.as_list() if hasattr(tensor.shape, "as_list") else tensor.shape
        self.shape = tuple(None if d is None else int(d) for d in shape[1:])
        self.dtype = str(getattr(tensor.dtype, "name", tensor.dtype))
        self.position, self.indices = position, indices


def specification(model):
    """A Spec for each input, in the model's own containers; None where the model does not say."""
    tensors = getattr(model, "inputs", None)
    if not tensors:
        return None
    structure = getattr(model, "input", None) if isinstance(getattr(model, "input", None), dict) else list(tensors)
    position = {id(t): n for n, t in enumerate(tensors)}
    made = arrays.mapped(lambda t: Spec(t, position.get(id(t), 0), looked_up(model, t)), structure)
    return made[0] if isinstance(made, list) and len(made) == 1 else made


def looked_up(model, tensor):
    """The number of rows of the smallest Embedding that reads an input itself; None where none does."""
    rows = [layer.input_dim for layer in model.layers if hasattr(layer, "input_dim") and reads(layer, tensor)]
    return min(map(int, rows)) if rows else None


def reads(layer, tensor):
    try:
        return layer.input is tensor or getattr(layer.input, "name", 0) == getattr(tensor, "name", 1)
    except (AttributeError, ValueError):  # called more than once, or never
        return False


def drawn(model, spec, count, size):
    """Values for one input."""
    values = np.random.RandomState([20, spec.position])
    shape = (count,) + tuple(size if d is None else d for d in spec.shape)
    if spec.dtype == "string":
        words = vocabulary(model) or ["word%d" % n for n in range(INTEGERS)]
        return np.array([words[n] for n in values.randint(len(words), size=int(np.prod(shape)))], object).reshape(shape)
    if spec.dtype == "bool":
        return values.rand(*shape) < 0.5
    if spec.indices or np.dtype("float32" if spec.dtype == "bfloat16" else spec.dtype).kind in "iu":
        most = spec.indices or min(embeddings(model) or [INTEGERS])
        return values.randint(most, size=shape).astype("int32" if spec.dtype.startswith("f") else spec.dtype)
    return values.normal(size=shape).astype("float32")


def embeddings(model):
    return [int(layer.input_dim) for layer in state.flat_layers(model) if hasattr(layer, "input_dim")]


def vocabulary(model):
    """Words that the model's first lookup table has."""
    for layer in state.flat_layers(model):
        if hasattr(layer, "get_vocabulary"):
            return [str(word) for word in layer.get_vocabulary() if str(word).strip()]
    return None


def targets(rt, model, inputs):
    """Targets for inputs, by the model's outputs and loss; None for a model that has no loss in ``compile``."""
    losses = (describe_compile.compile_config(rt, model) or {}).get("loss") or []
    if not losses:
        return None
    structure, outputs = training.flatten(model.predict(inputs, batch_size=training.BATCH_SIZE, verbose=0))
    names = [loss["name"] for loss in losses]
    names = names * len(outputs) if len(names) == 1 else names
    made = [target(x, name, n) for n, (x, name) in enumerate(zip(outputs, names + [""] * len(outputs)))]
    return rebuilt(structure, made)


def target(output, loss, position):
    """Targets for one output by the name of its loss, spelt without _ and in small letters."""
    values = np.random.RandomState([21, position])
    classes = values.randint(max(2, output.shape[-1]), size=output.shape[:-1])
    if "sparse" in loss:
        return classes.astype("int32")
    if "categorical" in loss or "kullback" in loss or loss == "kl":
        return np.eye(output.shape[-1], dtype="float32")[classes]
    if "binary" in loss or "hinge" in loss or "bce" in loss:
        return values.randint(2, size=output.shape).astype("float32")
    if "poisson" in loss or "log" in loss or "percentage" in loss:
        return values.uniform(0.5, 2.0, size=output.shape).astype("float32")
    return values.normal(size=output.shape).astype("float32")


def rebuilt(structure, values):
    """Values in the containers that roundtrip.training.flatten described."""
    if isinstance(structure, int):
        return values[structure]
    ((kind, items),) = structure.items()
    if kind == "dict":
        return {key: rebuilt(item, values) for key, item in items.items()}
    return (tuple if kind == "tuple" else list)(rebuilt(item, values) for item in items)
