"""``saved_model.loader.load(session, ["serve"], folder)``: the graph and its variables in a new session."""

from roundtrip.graph_description import spec
from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WHOLE_MODEL, _graphs, _restored, _serving, only_file

TITLE = "saved_model.loader.load, tag serve"
APIS = {"tf1": ""}
READS = ("saved_model_v1",)
RESTORES = WHOLE_MODEL + CALLABLES
GIVES = _restored.EVERYTHING + ("signature",)
READS_BROUGHT = ("saved_model", "export", "saved_model_builder")


def load(ctx, artifact):
    model = _restored.empty(ctx)
    with model.graph.as_default():
        meta_graph = ctx.rt.v1.saved_model.loader.load(model.session, ["serve"], only_file(artifact))
    definitions = {name: d for name, d in meta_graph.signature_def.items() if not name.startswith("__")}
    facts = specs(model.graph, definitions)
    default = definitions["serving_default"]
    return Loaded(model, predict=lambda inputs: call(model, default, inputs), signatures=facts)


def specs(graph, definitions):
    """{signature: {"inputs": {argument: [shape, dtype]}, "outputs": ...}} of the tensors that the signatures name."""

    def described(infos):
        return {name: spec(graph.get_tensor_by_name(info.name)) for name, info in infos.items()}

    return {n: {"inputs": described(d.inputs), "outputs": described(d.outputs)} for n, d in definitions.items()}


def call(model, signature, inputs):
    """Run a signature of one input and one output, by its tensors' names alone."""
    ((_, argument),), ((_, result),) = signature.inputs.items(), signature.outputs.items()
    return model.session.run(result.name, {argument.name: inputs})


def read(ctx, path):
    graph, session = _graphs.session(ctx)
    with graph.as_default():
        meta_graph = ctx.v1.saved_model.loader.load(session, ["serve"], path)
    definitions = {name: d for name, d in meta_graph.signature_def.items() if not name.startswith("__")}
    facts = specs(graph, definitions)
    name = _serving.chosen(facts, ctx.item)
    chosen = definitions[name]

    def run(values):
        feed = {chosen.inputs[name].name: value for name, value in values.items()}
        return session.run({name: info.name for name, info in chosen.outputs.items()}, feed)

    variables = _graphs.variables(ctx, graph, session)
    return Loaded(takes=facts[name]["inputs"], call=run, keep=session, signatures=facts, variables=variables)
