"""``import_graph_def`` into a TensorFlow 1 graph, which a session runs."""

from roundtrip.routes import Reading, _graphs

TITLE = "import_graph_def in a session"
APIS = {"tf1": ""}
READS = ("frozen_graph",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/graph_util/import_graph_def"


def run(ctx, path, wanted):
    graph, session = _graphs.session(ctx)
    with graph.as_default():
        ctx.v1.import_graph_def(graph_def(ctx, path), name="")
    sig = _graphs.signature(graph, wanted.outputs)
    return Reading({"graph": sig}, _graphs.run(graph, session, sig, wanted))


def graph_def(ctx, path):
    found = ctx.v1.GraphDef()
    with open(path, "rb") as f:
        found.ParseFromString(f.read())
    return found
