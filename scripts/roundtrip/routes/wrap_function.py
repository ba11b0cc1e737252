"""``compat.v1.wrap_function`` around ``import_graph_def``: a frozen graph as a TensorFlow 2 function."""

from roundtrip.routes import Reading, _graphs, import_graph_def
from roundtrip.state import to_numpy

TITLE = "wrap_function, a frozen graph in TensorFlow 2"
APIS = {"keras3": "", "keras2": ""}
READS = import_graph_def.READS
LINK = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function"


def run(ctx, path, wanted):
    graph_def = import_graph_def.graph_def(ctx, path)
    wrapped = ctx.v1.wrap_function(lambda: ctx.v1.import_graph_def(graph_def, name=""), [])
    sig = _graphs.signature(wrapped.graph, wanted.outputs)
    names = sorted(sig["inputs"])
    feeds = [_graphs.tensor(wrapped.graph, name) for name in names]
    function = wrapped.prune(feeds, {name: _graphs.tensor(wrapped.graph, name) for name in sig["outputs"]})
    values = wanted.fill(sig["inputs"])
    outputs = function(*[ctx.tf.constant(values[name]) for name in names])
    return Reading({"graph": sig}, {name: to_numpy(value) for name, value in outputs.items()})
