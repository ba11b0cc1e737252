"""``saved_model.loader.load`` into a session, with the tag ``serve``."""

from roundtrip.graph_description import spec
from roundtrip.routes import Reading, _graphs

TITLE = "saved_model.loader.load, tag serve"
APIS = {"tf1": ""}
READS = ("saved_model",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/load"


def run(ctx, path, wanted):
    graph, session = _graphs.session(ctx)
    with graph.as_default():
        meta_graph = ctx.v1.saved_model.loader.load(session, ["serve"], path)
        values = session.run({v.op.name: v.value() for v in ctx.v1.global_variables()} or {})
    definitions = {name: d for name, d in meta_graph.signature_def.items() if not name.startswith("__")}
    signatures = {
        n: {"inputs": specs(graph, d.inputs), "outputs": specs(graph, d.outputs)} for n, d in definitions.items()
    }
    chosen = definitions[wanted.signature]
    filled = wanted.fill(signatures[wanted.signature]["inputs"])
    feed = {chosen.inputs[name].name: value for name, value in filled.items()}
    return Reading(signatures, session.run({n: info.name for n, info in chosen.outputs.items()}, feed), values)


def specs(graph, infos):
    return {name: spec(graph.get_tensor_by_name(info.name)) for name, info in infos.items()}
