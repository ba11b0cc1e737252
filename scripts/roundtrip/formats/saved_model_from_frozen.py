"""A SavedModel made from a frozen graph: ``saved_model.pb`` holds everything, and ``variables/`` is an empty folder."""

from roundtrip.formats import _saved_model_v1, frozen_graph, promise, saved_model_from_checkpoint
from roundtrip.session_model import SessionModel

TITLE = "SavedModel, from a frozen graph"
APIS = {"tf1": ""}
LAYOUT = "saved_model_v1_frozen"
CARRIES = promise(("architecture", "weights", "predictions", "signatures"), _saved_model_v1.BUILDER)
FILES = {"model/saved_model.pb": "a protocol buffer: the MetaGraph with its signatures, the variables as constants"}
EMPTY = {"model/variables": "a graph without variables has no checkpoint: the folder is made and stays empty"}
signatures = saved_model_from_checkpoint.signatures


def save(ctx, model, folder):
    frozen = SessionModel(ctx.rt, model.names)
    with frozen.graph.as_default():
        ctx.rt.v1.import_graph_def(frozen_graph.freeze(ctx, model), name="")
    _saved_model_v1.build(ctx, frozen, folder, saved_model_from_checkpoint.figured_out(frozen))
