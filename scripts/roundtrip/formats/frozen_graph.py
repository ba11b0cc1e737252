"""``convert_variables_to_constants``: the inference part of the graph, with variables converted to constants."""

from roundtrip.formats import path, promise

_CONVERT = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/graph_util/convert_variables_to_constants"

TITLE = "frozen graph, frozen_model.pb"
APIS = {"tf1": ""}
CARRIES = promise(("architecture", "weights", "predictions"), _CONVERT)
FILES = {"frozen_model.pb": "one GraphDef: the ops behind the outputs, with the variables' values as constants"}


def freeze(ctx, model):
    """The frozen GraphDef of the ops on which the model's output depends."""
    util, output = ctx.rt.v1.graph_util, model.tensor("outputs").op.name
    return util.convert_variables_to_constants(model.session, model.graph.as_graph_def(), [output])


def save(ctx, model, folder):
    with ctx.rt.v1.gfile.GFile(path(folder, "frozen_model.pb"), "wb") as f:
        f.write(freeze(ctx, model).SerializeToString())
