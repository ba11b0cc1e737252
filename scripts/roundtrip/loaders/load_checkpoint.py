"""``load_checkpoint``: the variables of a checkpoint by name, without a graph."""

from roundtrip.brought.stated import prefix_of
from roundtrip.loaded import Loaded

TITLE = "load_checkpoint, variables by name"
APIS = {"tf1": "", "keras3": "", "keras2": ""}
READS = ("saver_v2", "saver_variables", "meta_graph_checkpoint", "tf_checkpoint")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
GIVES = ("variables",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/train/load_checkpoint"


def read(ctx, path):
    reader = ctx.tf.train.load_checkpoint(prefix_of(path))
    names = [name for name, _ in ctx.tf.train.list_variables(prefix_of(path))]
    return Loaded(variables={name: reader.get_tensor(name) for name in names if name != "_CHECKPOINTABLE_OBJECT_GRAPH"})
