"""What a TensorFlow 1 graph computes, as plain JSON: the ops behind its outputs, its loss, its optimizer."""

from roundtrip import state
from roundtrip.session_model import HOLDERS, is_read

#: where a variable lies and how an op came about; no part of what is computed
INCIDENTAL = ("container", "shared_name", "_class", "_output_shapes", "debug_name", "allowed_devices")


def describe(rt, model):
    """Facts for the facets architecture, compile_config and optimizer_config; None for what the graph lacks."""
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
    """{op name: facts} of all ops that a tensor depends on, without those of ``known``.

    A parameter is a parameter, whether it is a variable or the constant that freezing put in its place.
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
    """The tensor whose shape and dtype are the parameter's: what reads it, else the op's own."""
    return ops[op.name + "/read"].outputs[0] if is_read(op.name, ops) else op.outputs[0]


def attributes(rt, op):
    """{name: text}; a constant's value as its digest, however it is encoded."""
    if op.type == "Const":
        return {"value": state.digest(rt.tf.make_ndarray(op.get_attr("value")))}
    present = op.node_def.attr
    return {k: str(present[k]).strip() for k in sorted(present) if k not in INCIDENTAL and not k.startswith("_")}


def spec(tensor):
    """[shape, dtype]; None where a dimension, or the rank, is open."""
    dims = tensor.get_shape().dims
    return [None if dims is None else [None if d.value is None else int(d.value) for d in dims], dtype(tensor)]


def dtype(tensor):
    return tensor.dtype.base_dtype.name


def compile_config(rt, model, outputs):
    """The ops of loss and metrics beyond those of the model itself, in the form that Keras models have too."""
    measures = model.measures()
    losses = {"name": "loss", "config": listed(behind(rt, model, measures.pop("loss"), outputs))}
    metrics = [{"name": n, "config": listed(behind(rt, model, t, outputs))} for n, t in sorted(measures.items())]
    return {"loss": [losses], "metrics": metrics, "weighted_metrics": [], "loss_weights": [], "options": {}}


def listed(ops):
    return [ops[name] for name in sorted(ops)]


def optimizer_config(rt, model):
    """The ops that update variables, each with its constant arguments (learning rate, decay, epsilon)."""
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
