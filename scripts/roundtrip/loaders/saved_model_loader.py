"""``saved_model.loader.load(session, ["serve"], folder)``: the graph and its variables in a new session."""

from roundtrip.graph_description import spec
from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WHOLE_MODEL, _restored, only_file

TITLE = "saved_model.loader.load, tag serve"
APIS = {"tf1": ""}
READS = ("saved_model_v1",)
RESTORES = WHOLE_MODEL + CALLABLES
GIVES = _restored.EVERYTHING + ("signature",)


def load(ctx, artifact):
    model = _restored.empty(ctx)
    with model.graph.as_default():
        meta_graph = ctx.rt.v1.saved_model.loader.load(model.session, ["serve"], only_file(artifact))
    definitions = {name: d for name, d in meta_graph.signature_def.items() if not name.startswith("__")}
    facts = {n: {"inputs": specs(model, d.inputs), "outputs": specs(model, d.outputs)} for n, d in definitions.items()}
    default = definitions["serving_default"]
    return Loaded(model, predict=lambda inputs: call(model, default, inputs), signatures=facts)


def specs(model, infos):
    """{argument: [shape, dtype]} of the tensors that the signature names."""
    return {name: spec(model.graph.get_tensor_by_name(info.name)) for name, info in infos.items()}


def call(model, signature, inputs):
    """Run a signature of one input and one output, by its tensors' names alone."""
    ((_, argument),), ((_, result),) = signature.inputs.items(), signature.outputs.items()
    return model.session.run(result.name, {argument.name: inputs})
