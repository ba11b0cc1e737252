"""``compat.v1.wrap_function`` around ``import_graph_def``: a frozen graph as a function of TensorFlow 2."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import _graphs

TITLE = "wrap_function, a frozen graph in TensorFlow 2"
APIS = {"keras3": "", "keras2": ">=2.0"}
BACKENDS = ("tensorflow",)
READS = ("frozen_graph",)
RESTORES = ("architecture", "weights", "predictions")
GIVES = ("predict",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function"


def read(ctx, path):
    graph_def = _graphs.graph_def(ctx, path)
    wrapped = ctx.v1.wrap_function(lambda: ctx.v1.import_graph_def(graph_def, name=""), [])
    sig = _graphs.signature(wrapped.graph, ctx.item)
    names = sorted(sig["inputs"])
    feeds = [_graphs.tensor(wrapped.graph, name) for name in names]
    function = wrapped.prune(feeds, {name: _graphs.tensor(wrapped.graph, name) for name in sig["outputs"]})

    def call(values):
        return function(*[ctx.tf.constant(values[name]) for name in names])

    return Loaded(takes=sig["inputs"], call=call, keep=wrapped, signatures={"graph": sig})
