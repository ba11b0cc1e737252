"""``saver.save(..., write_meta_graph=False)``: variables only; the user's code must build the graph."""

from roundtrip.formats import _saver

TITLE = "Saver, write_meta_graph=False"
APIS = {"tf1": ""}
LAYOUT = "saver_variables"
CARRIES = _saver.VARIABLES
FILES = _saver.files("my-model-1000", meta=())


def save(ctx, model, folder):
    _saver.save(ctx, model, folder, "my-model", global_step=1000, write_meta_graph=False)
