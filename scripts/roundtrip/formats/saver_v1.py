"""``Saver(write_version=SaverDef.V1)``: a single ``.ckpt`` file, the format of TensorFlow before 0.11."""

from roundtrip.formats import _saver

TITLE = "Saver V1, single .ckpt"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
FILES = {
    "inception_v1.ckpt": "one table of every variable's name, shape and values: the format before 0.11",
    "inception_v1.ckpt.meta": _saver.META,
    "checkpoint": "a short text that names the latest checkpoint here and those still kept",
}


def save(ctx, model, folder):
    version = ctx.rt.v1.train.SaverDef.V1
    _saver.save(ctx, model, folder, "inception_v1.ckpt", {"write_version": version})
