"""``import_graph_def`` of the frozen graph of a Keras session, for predictions only."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import _imported, only_file

TITLE = "import_graph_def of Keras' session"
APIS = {"keras2_graph": ""}
READS = ("session_frozen",)
RESTORES = ("predictions",)
GIVES = ("predict", "trace")


def load(ctx, artifact):
    def fill(session, graph):
        definition = ctx.rt.v1.GraphDef()
        with open(only_file(artifact), "rb") as f:
            definition.ParseFromString(f.read())
        ctx.rt.v1.import_graph_def(definition, name="")

    imported = _imported.Imported(ctx, fill)
    return Loaded(predict=imported.predict, look=imported.look)
