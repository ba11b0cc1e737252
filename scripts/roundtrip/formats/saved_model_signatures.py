"""A SavedModel with two signatures: one predicts; the other has two inputs and computes the loss and the metrics."""

from roundtrip.formats import _saved_model_v1

TITLE = "SavedModel, builder, several signatures"
APIS = {"tf1": ""}
LAYOUT = _saved_model_v1.LAYOUT
CARRIES = _saved_model_v1.whole(_saved_model_v1.BUILDER)
FILES = _saved_model_v1.FILES


def given(model):
    x, targets = model.tensor("inputs"), model.tensor("targets")
    return {
        "serving_default": ({"inputs": x}, {"predictions": model.tensor("outputs")}),
        "measure": ({"inputs": x, "targets": targets}, model.measures()),
    }


def signatures(ctx, model):
    return _saved_model_v1.described(given(model))


def save(ctx, model, folder):
    _saved_model_v1.build(ctx, model, folder, given(model))
