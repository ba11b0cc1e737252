"""``saved_model.Builder`` on the live session, with tags and signatures that the user's code chooses."""

from roundtrip.formats import _saved_model_v1

TITLE = "SavedModel, builder, from source"
APIS = {"tf1": ""}
LAYOUT = _saved_model_v1.LAYOUT
CARRIES = _saved_model_v1.whole(_saved_model_v1.BUILDER)
FILES = _saved_model_v1.FILES


def given(model):
    return {"serving_default": ({"inputs": model.tensor("inputs")}, {"predictions": model.tensor("outputs")})}


def signatures(ctx, model):
    return _saved_model_v1.described(given(model))


def save(ctx, model, folder):
    _saved_model_v1.build(ctx, model, folder, given(model))
