"""``simple_save(session, folder, inputs, outputs)``: a SavedModel with one signature, serving_default."""

from roundtrip.formats import _saved_model_v1, path

TITLE = "SavedModel, simple_save"
APIS = {"tf1": ""}
LAYOUT = _saved_model_v1.LAYOUT
CARRIES = _saved_model_v1.whole(_saved_model_v1.SIMPLE_SAVE)
FILES = _saved_model_v1.FILES


def given(model):
    return {"x": model.tensor("inputs")}, {"y": model.tensor("outputs")}


def signatures(ctx, model):
    return _saved_model_v1.described({"serving_default": given(model)})


def save(ctx, model, folder):
    inputs, outputs = given(model)
    with model.graph.as_default():
        ctx.rt.v1.saved_model.simple_save(model.session, path(folder, "model"), inputs, outputs)
