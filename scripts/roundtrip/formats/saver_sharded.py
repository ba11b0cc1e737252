"""``Saver(sharded=True)``: one data file for each device that holds variables."""

from roundtrip.formats import _saver

TITLE = "Saver, sharded"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
_SHARD = "the values of the variables of one device; the numbers say which shard, of how many"
FILES = dict(
    checkpoint="a short text that names the latest checkpoint here and those still kept",
    **{
        "model.ckpt.index": "for each variable: in which shard its value lies, where, of what shape and type",
        "model.ckpt.data-?????-of-?????": _SHARD,
        "model.ckpt.meta": _saver.META,
    },
)


def save(ctx, model, folder):
    _saver.save(ctx, model, folder, options={"sharded": True})
