"""Describe a TensorFlow 1 graph as plain JSON: the ops of its outputs, its loss and its optimizer."""

from roundtrip import state
from roundtrip.session_model import HOLDERS, is_read

#: attributes that do not affect the computation: devices of variables, origins of ops
INCIDENTAL = ("container", "shared_name", "_class", "_output_shapes", "debug_name", "allowed_devices")


def describe(rt, model):
    """The facets architecture, compile_config and optimizer_config; None for a part that the graph lacks."""
    outputs = behind(rt, model, model.tensor("outputs"))
    return {
        "architecture": {
            "inputs": spec(model.tensor("inputs")),
            "outputs": spec(model.tensor("outputs")),
            "ops": [outputs[name] for name in sorted(outputs)],
        },
        "compile_config": compile_config(rt, model, outputs) if model.has("loss") else None,
        "optimizer_config": optimizer_config(rt, model) if model.has("train") else None,
    }


def behind(rt, model, tensor, known=()):
    """{op name: facts} of all ops on which a tensor depends, without those in ``known``.

    A variable, and a constant that replaces a variable in a frozen graph, both have the type "parameter".
    """
    ops = {op.name: op for op in model.graph.get_operations()}
    found, pending = {}, [tensor.op]
    while pending:
        op = pending.pop()
        name = op.name[len(model.prefix) :]
        if name in found or name in known:
            continue
        if op.type in HOLDERS or (op.type == "Const" and is_read(op.name, ops)):
            found[name] = {"name": name, "type": "parameter", "outputs": [spec(parameter(ops, op))]}
            continue
        found[name] = {
            "name": name,
            "type": op.type,
            "inputs": [t.name[len(model.prefix) :] for t in op.inputs],
            "outputs": [spec(t) for t in op.outputs],
            "attributes": attributes(rt, op),
        }
        pending += [t.op for t in op.inputs]
    return found


def parameter(ops, op):
    """The tensor with the parameter's shape and dtype: the output of ``<name>/read`` if it exists, else of the op."""
    return ops[op.name + "/read"].outputs[0] if is_read(op.name, ops) else op.outputs[0]


def attributes(rt, op):
    """{name: text} of an op's attributes; for a constant, the digest of its value."""
    if op.type == "Const":
        return {"value": state.digest(rt.tf.make_ndarray(op.get_attr("value")))}
    present = op.node_def.attr
    return {k: str(present[k]).strip() for k in sorted(present) if k not in INCIDENTAL and not k.startswith("_")}


def spec(tensor):
    """[shape, dtype]; None for an unknown dimension or rank."""
    dims = tensor.get_shape().dims
    return [None if dims is None else [None if d.value is None else int(d.value) for d in dims], dtype(tensor)]


def dtype(tensor):
    return tensor.dtype.base_dtype.name


def compile_config(rt, model, outputs):
    """The ops of the loss and the metrics without those of the outputs, in the same form as for Keras models."""
    measures = model.measures()
    losses = {"name": "loss", "config": listed(behind(rt, model, measures.pop("loss"), outputs))}
    metrics = [{"name": n, "config": listed(behind(rt, model, t, outputs))} for n, t in sorted(measures.items())]
    return {"loss": [losses], "metrics": metrics, "weighted_metrics": [], "loss_weights": [], "options": {}}


def listed(ops):
    return [ops[name] for name in sorted(ops)]


def optimizer_config(rt, model):
    """The ops that update variables, each with its constant inputs (learning rate, decay, epsilon)."""
    updates = [op for op in model.graph.get_operations() if "Apply" in op.type]
    found = {}
    for op in sorted(updates, key=lambda o: o.name):
        constants = [(t.op.name, rt.tf.make_ndarray(t.op.get_attr("value"))) for t in op.inputs if t.op.type == "Const"]
        found[op.name] = {
            "type": op.type,
            "inputs": [t.op.name for t in op.inputs],
            "arguments": {name: value.tolist() for name, value in constants},
            "attributes": attributes(rt, op),
        }
    return {"class": sorted({op.type for op in updates}), "config": found}
