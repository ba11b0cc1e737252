"""``saved_model.loader.load`` of a SavedModel that was made from a frozen graph and holds no variables."""

from roundtrip.loaders import saved_model_loader
from roundtrip.session_model import variables_in

TITLE = "saved_model.loader.load, no variables"
APIS = {"tf1": ""}
READS = ("saved_model_v1_frozen",)
RESTORES = ("architecture", "weights", "predictions", "signatures")
GIVES = ("predict", "signature")


def load(ctx, artifact):
    loaded = saved_model_loader.load(ctx, artifact)
    found = variables_in(loaded.model.graph)
    if found:
        raise ValueError("made from a frozen graph, and yet it has variables: %s" % ", ".join(found))
    return loaded
