"""A SavedModel made from a checkpoint: MetaGraph imported, variables restored, signature found, builder run.

The user must know which tensor is the output. The inputs are the placeholders on which the output depends. Shapes and
dtypes come from the graph.
"""

import os
import shutil
import tempfile

from roundtrip.formats import _saved_model_v1, _saver
from roundtrip.session_model import SessionModel

TITLE = "SavedModel, from a checkpoint"
APIS = {"tf1": ""}
LAYOUT = _saved_model_v1.LAYOUT
CARRIES = _saved_model_v1.whole(_saved_model_v1.BUILDER)
FILES = _saved_model_v1.FILES


def figured_out(model):
    """{"serving_default": ({"inputs_1": ..., }, {"output1": ...})} for what the output depends on."""
    output = model.tensor("outputs")
    seen, pending, placeholders = set(), [output.op], []
    while pending:
        op = pending.pop()
        if op.name not in seen:
            seen.add(op.name)
            pending += [t.op for t in op.inputs]
            placeholders += op.outputs if op.type == "Placeholder" else []
    ordered = sorted(placeholders, key=lambda t: t.name)
    return {"serving_default": ({"inputs_%d" % (i + 1): t for i, t in enumerate(ordered)}, {"output1": output})}


def signatures(ctx, model):
    inputs, outputs = {"inputs_1": model.tensor("inputs")}, {"output1": model.tensor("outputs")}
    return _saved_model_v1.described({"serving_default": (inputs, outputs)})


def save(ctx, model, folder):
    place = tempfile.mkdtemp(prefix="checkpoint-", dir=ctx.out)
    try:
        _saver.save(ctx, model, place)
        other = SessionModel(ctx.rt, model.names)
        with other.graph.as_default():
            saver = ctx.rt.v1.train.import_meta_graph(os.path.join(place, "model.ckpt.meta"))
            saver.restore(other.session, ctx.rt.v1.train.latest_checkpoint(place))
        _saved_model_v1.build(ctx, other, folder, figured_out(other))
    finally:
        shutil.rmtree(place)
