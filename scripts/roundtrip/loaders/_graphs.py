"""Functions for reading a graph of TensorFlow 1 of which nothing is known but the names of its tensors."""

from roundtrip.brought.inputs import bare
from roundtrip.graph_description import spec
from roundtrip.loaded import Loaded
from roundtrip.session_model import config


def session(ctx):
    """A new graph and a session on it."""
    graph = ctx.v1.Graph()
    return graph, ctx.v1.Session(graph=graph, config=config(ctx.v1))


def graph_def(ctx, path):
    """The GraphDef in a file, binary or text."""
    with open(path, "rb") as f:
        content = f.read()
    found = ctx.v1.GraphDef()
    if content.lstrip()[:5] in (b"node ", b"node{", b"libra", b"versi"):
        from google.protobuf import text_format

        return text_format.Merge(content.decode("utf-8"), found)
    found.ParseFromString(content)
    return found


def variables(ctx, graph, session):
    """{name: array} of the graph's global variables."""
    with graph.as_default():
        found = {v.op.name: v.value() if hasattr(v, "value") else v for v in ctx.v1.global_variables()}
    return session.run(found) if found else {}


def loaded(graph, session, item, values=None):
    """The Loaded of a graph: its outputs are those that the user names, else its ends."""
    sig = signature(graph, item)

    def call(given):
        feed = {tensor(graph, name): value for name, value in given.items()}
        return session.run({name: tensor(graph, name) for name in sig["outputs"]}, feed)

    return Loaded(takes=sig["inputs"], call=call, keep=session, signatures={"graph": sig}, variables=values)


def signature(graph, item):
    """{"inputs": {name: spec}, "outputs": {name: spec}}: the named outputs and the placeholders behind them.

    Without named outputs, the outputs are the tensors that depend on a placeholder and have no consumer.
    """
    named = item.get("outputs") or item.get("expected_names") or ()
    found = {bare(name): tensor(graph, name) for name in named} or ends(graph)
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
    """{name: tensor} of the tensors that depend on a placeholder and that no op takes."""
    outputs = [t for op in graph.get_operations() for t in op.outputs]
    last = [t for t in outputs if not t.consumers() and t.op.type != "Placeholder" and behind(t)]
    return {bare(t.name): t for t in last}
