"""Functions for the loaders of signatures: name the inputs, order the outputs, describe both."""

import re

from roundtrip.loaders import Unfit
from roundtrip.state import to_numpy


def named(ctx, names, inputs):
    """{argument: tensor} for a signature with these argument names.

    A single argument gets the single input. Several arguments get the items of a dict by key, or by the name of the
    model's input that the key stands for, or the items of a list in the order of the inputs in the model's code.
    """
    if isinstance(inputs, dict):
        found = inputs if set(names) <= set(inputs) else by_input(ctx.build(), inputs)
    elif isinstance(inputs, (list, tuple)) and len(names) > 1:
        found = dict(zip((plain(x.name) for x in ctx.build().inputs), inputs))
    else:
        found = {only(names): inputs[0] if isinstance(inputs, (list, tuple)) else inputs}
    return {name: ctx.tf.constant(found[name]) for name in names}


def by_input(model, values):
    """{name of the model's input: value} of values by the keys under which the model takes its inputs."""
    return {plain(tensor.name): values[key] for key, tensor in model.input.items()}


def only(names):
    (name,) = names
    return name


def plain(name):
    """A tensor's name without the ``:0`` that older versions add."""
    return name.rsplit(":", 1)[0]


def unnamed(ctx, outputs):
    """The outputs of a signature (a dict) in the model's own structure: a tensor, a list, a tuple or a dict.

    If the model's code does not have the names, their numbers count (``output_0``, ``output_1``), as they do for a
    server: the dict that a signature returns is in no order.
    """
    if len(outputs) == 1:
        return to_numpy(outputs[only(outputs)])
    model = ctx.build()
    if isinstance(getattr(model, "output", None), dict) and set(model.output) == set(outputs):
        return {name: to_numpy(value) for name, value in outputs.items()}
    order = getattr(model, "output_names", None) or ()
    values = [to_numpy(outputs[name]) for name in (order if set(order) == set(outputs) else numbered(outputs))]
    return tuple(values) if isinstance(getattr(model, "output", None), tuple) else values


def numbered(names):
    """Names in the order of the numbers that they end in (``output_2``, ``output_10``); else in the given order."""
    numbers = [re.search(r"\d+$", name) for name in names]
    return sorted(names, key=lambda name: int(re.search(r"\d+$", name)[0])) if all(numbers) else list(names)


def signature(function):
    """{"inputs": {name: [shape, dtype]}, "outputs": {...}} of a signature's function."""
    parts = {"inputs": function.structured_input_signature[1], "outputs": function.structured_outputs}
    return {part: {name: spec(t) for name, t in tensors.items()} for part, tensors in parts.items()}


def spec(tensor):
    """[shape, dtype]; None for an unknown dimension or rank."""
    dtype = getattr(tensor.dtype, "name", tensor.dtype)
    if getattr(tensor.shape, "rank", 0) is None:
        return [None, dtype]
    return [[None if d is None else int(d) for d in tensor.shape], dtype]


def chosen(signatures, item):
    """The name of the signature that is called: the user's, else ``serving_default``, else the first."""
    named = item.get("signature")
    if named and named not in signatures:
        raise Unfit("there is no signature %s; there are: %s" % (named, ", ".join(sorted(signatures)) or "none"))
    if not signatures:
        raise Unfit("it has no signature, and without the code of its model nothing else can be called")
    return named or ("serving_default" if "serving_default" in signatures else sorted(signatures)[0])
