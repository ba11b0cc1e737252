"""``saver.save(session, "my_test_model", global_step=1000)``: the step becomes a part of the file name."""

from roundtrip.formats import _saver

TITLE = "Saver, global_step=1000"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
FILES = _saver.files("my_test_model-1000")


def save(ctx, model, folder):
    _saver.save(ctx, model, folder, "my_test_model", global_step=1000)
