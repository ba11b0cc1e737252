"""What the loaders of signatures share: naming the inputs, putting the outputs in order, describing both."""

from roundtrip.state import to_numpy


def named(ctx, names, inputs):
    """{argument: tensor} for a signature with these argument names.

    One argument takes the one input; several take a dict's items by key, a list's in the order in which the
    model's code names its inputs.
    """
    if not isinstance(inputs, (dict, list, tuple)):
        return {only(names): ctx.tf.constant(inputs)}
    if isinstance(inputs, dict):
        return {name: ctx.tf.constant(inputs[name]) for name in names}
    order = ctx.build().input_names if len(names) > 1 else names
    return {name: ctx.tf.constant(value) for name, value in zip(order, inputs)}


def only(names):
    (name,) = names
    return name


def unnamed(ctx, outputs):
    """A signature always gives a dict; the one tensor, or the several in the order of the model's code."""
    if len(outputs) == 1:
        return to_numpy(outputs[only(outputs)])
    order = getattr(ctx.build(), "output_names", None)
    names = order if order and set(order) == set(outputs) else sorted(outputs)
    return [to_numpy(outputs[name]) for name in names]


def signature(function):
    """{"inputs": {name: [shape, dtype]}, "outputs": {...}} of a signature's function."""
    parts = {"inputs": function.structured_input_signature[1], "outputs": function.structured_outputs}
    return {part: {name: spec(t) for name, t in tensors.items()} for part, tensors in parts.items()}


def spec(tensor):
    """[shape, dtype], None for a dimension that is not fixed."""
    return [[None if d is None else int(d) for d in tensor.shape.as_list()], tensor.dtype.name]
