"""Functions for the routes into a TensorFlow 1 graph."""

from roundtrip.graph_description import spec
from roundtrip.routes import bare
from roundtrip.session_model import config


def session(ctx):
    """A new graph and a session on it."""
    graph = ctx.v1.Graph()
    return graph, ctx.v1.Session(graph=graph, config=config(ctx.v1))


def signature(graph, outputs):
    """{"inputs": {name: spec}, "outputs": {name: spec}}: the named outputs and the placeholders behind them.

    Without named outputs, the outputs are the tensors that depend on a placeholder and have no consumer.
    """
    found = {bare(name): tensor(graph, name) for name in outputs} or ends(graph)
    placeholders = {}
    for t in found.values():
        placeholders.update(behind(t))
    return {
        "inputs": {name: spec(t) for name, t in sorted(placeholders.items())},
        "outputs": {name: spec(t) for name, t in sorted(found.items())},
    }


def tensor(graph, name):
    return graph.get_tensor_by_name(name if ":" in name else name + ":0")


def behind(t):
    """{name: placeholder} of the placeholders on which a tensor depends."""
    seen, pending, found = set(), [t.op], {}
    while pending:
        op = pending.pop()
        if op.name not in seen:
            seen.add(op.name)
            pending += [i.op for i in op.inputs]
            if op.type == "Placeholder":
                found[op.name] = op.outputs[0]
    return found


def ends(graph):
    outputs = [t for op in graph.get_operations() for t in op.outputs]
    return {bare(t.name): t for t in outputs if not t.consumers() and t.op.type != "Placeholder" and behind(t)}


def run(graph, session, sig, wanted):
    """{output: array} of a signature of tensor names."""
    feed = {tensor(graph, name): value for name, value in wanted.fill(sig["inputs"]).items()}
    return session.run({name: tensor(graph, name) for name in sig["outputs"]}, feed)
