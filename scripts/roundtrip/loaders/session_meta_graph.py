"""``import_meta_graph`` and ``restore`` into an empty graph: the graph without Keras; tensors are found by name."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import WEIGHTS, _imported

TITLE = "import_meta_graph of Keras' session"
APIS = {"keras2_graph": ""}
READS = ("session_saver",)
RESTORES = WEIGHTS + ("predictions", "graph_rewrite")
GIVES = ("predict", "trace")


def load(ctx, artifact):
    latest = ctx.rt.v1.train.latest_checkpoint(artifact)

    def fill(session, graph):
        ctx.rt.v1.train.import_meta_graph(latest + ".meta").restore(session, latest)

    imported = _imported.Imported(ctx, fill)
    return Loaded(predict=imported.predict, look=imported.look)
