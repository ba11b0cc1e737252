"""``saved_model.loader.load(session, ["serve"], path)`` of a Keras session's SavedModel; tensors are found by name."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import _imported, only_file

TITLE = "saved_model.loader.load of Keras' session"
APIS = {"keras2_graph": ""}
READS = ("session_saved_model",)
RESTORES = ("predictions", "graph_rewrite")
GIVES = ("predict", "trace")


def load(ctx, artifact):
    imported = _imported.Imported(
        ctx, lambda session, graph: ctx.rt.v1.saved_model.loader.load(session, ["serve"], only_file(artifact))
    )
    return Loaded(predict=imported.predict, look=imported.look)
