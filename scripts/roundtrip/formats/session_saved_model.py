"""``simple_save(session, "model", inputs, outputs)`` of Keras' session: the whole graph with one signature."""

from roundtrip.formats import SAVED_MODEL_EXTRAS, path, promise, saved_model_files, session_saver

TITLE = "simple_save of Keras' session, SavedModel"
APIS = {"keras2_graph": ""}
CARRIES = dict(
    promise(("predictions",), "https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/simple_save"),
    graph_rewrite=session_saver.CARRIES["graph_rewrite"],
)
FILES = saved_model_files()
OPTIONAL_FILES = SAVED_MODEL_EXTRAS


def save(ctx, model, folder):
    named = ({t.name.split(":")[0]: t for t in tensors} for tensors in (model.inputs, model.outputs))
    ctx.rt.v1.saved_model.simple_save(ctx.keras.backend.get_session(), path(folder, "model"), *named)
