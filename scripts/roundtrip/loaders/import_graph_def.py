"""``import_graph_def(graph_def, name="prefix")``: a frozen graph, whose tensor names begin with ``prefix/``."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import _graphs, _restored, only_file
from roundtrip.session_model import variables_in

TITLE = "import_graph_def with a prefix"
APIS = {"tf1": ""}
READS = ("frozen_graph",)
RESTORES = ("architecture", "weights", "predictions")
GIVES = ("predict",)


def load(ctx, artifact):
    v1 = ctx.rt.v1
    graph_def = v1.GraphDef()
    with v1.gfile.GFile(only_file(artifact, ".pb"), "rb") as f:
        graph_def.ParseFromString(f.read())
    model = _restored.empty(ctx, prefix="prefix/")
    with model.graph.as_default():
        v1.import_graph_def(graph_def, name="prefix")
    found = variables_in(model.graph)
    if found:
        raise ValueError("a frozen graph holds no variable, this one has %s" % ", ".join(found))
    return Loaded(model)


def read(ctx, path):
    graph, session = _graphs.session(ctx)
    with graph.as_default():
        ctx.v1.import_graph_def(_graphs.graph_def(ctx, path), name="")
    return _graphs.loaded(graph, session, ctx.item)
