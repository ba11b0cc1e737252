"""``tf.train.Saver().save(session, "model.ckpt")`` on Keras' session: every variable by name, and the MetaGraph."""

from roundtrip.formats import checkpoint_files, path, promise

_SAVER = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/Saver"
_META_GRAPH = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph"
#: says that MetaGraphs and SavedModels hold the swap nodes, and that Keras files and weights do not
_REWRITE = "https://github.com/IBM/tensorflow-large-model-support/blob/tflmsv2/README.md"

TITLE = "Saver on Keras' session, with MetaGraph"
APIS = {"keras2_graph": ""}
CARRIES = dict(
    promise(("weights", "non_trainable_state", "optimizer_state"), _SAVER),
    predictions=_META_GRAPH,
    graph_rewrite=_REWRITE,
)
FILES = dict(
    checkpoint_files("model.ckpt"),
    **{"model.ckpt.meta": "a MetaGraph: the graph as it was when saved, training and added nodes included"},
)


def save(ctx, model, folder):
    ctx.rt.v1.train.Saver().save(ctx.keras.backend.get_session(), path(folder, "model.ckpt"))
