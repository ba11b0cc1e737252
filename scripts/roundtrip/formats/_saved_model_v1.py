"""The contract, the files and the builder of the SavedModel formats of TensorFlow 1."""

from roundtrip.formats import CALLABLES, WHOLE_MODEL, path, promise, saved_model_files
from roundtrip.graph_description import spec

BUILDER = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/Builder"
SIMPLE_SAVE = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/simple_save"

LAYOUT = "saved_model_v1"
GRAPHS = "a protocol buffer: for each set of tags a MetaGraph with its signatures, training included"
FILES = dict(saved_model_files(), **{"model/saved_model.pb": GRAPHS})


def whole(link):
    """The promise of the whole graph, every variable and the signatures."""
    return promise(WHOLE_MODEL + CALLABLES, link)


def build(ctx, model, folder, signatures):
    """``Builder.add_meta_graph_and_variables`` under the tag ``serve``.

    ``signatures`` is {name: ({argument: tensor}, {result: tensor})}.
    """
    saved_model = ctx.rt.v1.saved_model
    definitions = {
        name: saved_model.signature_def_utils.build_signature_def(
            {k: saved_model.utils.build_tensor_info(t) for k, t in inputs.items()},
            {k: saved_model.utils.build_tensor_info(t) for k, t in outputs.items()},
            saved_model.signature_constants.PREDICT_METHOD_NAME,
        )
        for name, (inputs, outputs) in signatures.items()
    }
    with model.graph.as_default():
        builder = saved_model.Builder(path(folder, "model"))
        tags = [saved_model.tag_constants.SERVING]
        builder.add_meta_graph_and_variables(model.session, tags, signature_def_map=definitions)
        builder.save()


def described(signatures):
    """{name: {"inputs": {argument: [shape, dtype]}, "outputs": ...}}: the signatures that the artifact must have."""
    return {
        name: {part: {k: spec(t) for k, t in tensors.items()} for part, tensors in zip(("inputs", "outputs"), both)}
        for name, both in signatures.items()
    }
