"""Build the graph from its code, then ``Saver().restore(session, latest_checkpoint)``."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import FROM_CODE, _restored

TITLE = "code + Saver.restore"
APIS = {"tf1": ""}
READS = ("saver_v2", "meta_graph_checkpoint", "saver_variables")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = _restored.EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    with model.graph.as_default():
        ctx.rt.v1.train.Saver().restore(model.session, _restored.latest(ctx, artifact))
    return Loaded(model)
