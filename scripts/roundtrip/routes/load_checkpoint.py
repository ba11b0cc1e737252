"""``load_checkpoint``: variables by name, without a graph."""

from roundtrip.routes import Reading, import_meta_graph

TITLE = "load_checkpoint, variables by name"
APIS = {"tf1": "", "keras3": "", "keras2": ""}
READS = ("checkpoint",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/train/load_checkpoint"


def run(ctx, path, wanted):
    reader = ctx.v1.train.load_checkpoint(import_meta_graph.prefix_of(ctx, path))
    return Reading({}, None, {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()})
