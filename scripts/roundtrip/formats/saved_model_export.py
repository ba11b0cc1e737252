"""``experimental.export_saved_model``, formerly contrib's ``save_keras_model``: Keras 2 from 1.14 to 2.10.

TensorFlow 2.4 and newer have it only in ``compat.v1``, and only graph mode can use it: in eager mode it cannot clone
the model. Its documentation lists the weights, the graphs and the model's JSON, but no optimizer.
"""

import contextlib

from roundtrip.formats import CALLABLES, path, promise, saved_model_files

LINK = "https://www.tensorflow.org/versions/r2.0/api_docs/python/tf/keras/experimental/export_saved_model"

TITLE = "experimental.export_saved_model"
APIS = {"keras2": ">=1.14,<2.0", "keras2_graph": ">=1.14,<2.11"}
CARRIES = promise(("architecture", "weights", "non_trainable_state") + CALLABLES, LINK)
REJECTS = {"subclassed": "documented: subclassed models can only be exported with serving_only=True"}
FILES = dict(saved_model_files(), **{"model/assets/saved_model.json": "the model's architecture as JSON"})
OPTIONAL_FILES = {
    "model/variables/checkpoint": "names the checkpoint beside it",
    "model/assets/*": "files of the graph",
}


def save(ctx, model, folder):
    with seeds_not_asked_for(ctx.rt.tf):
        ctx.rt.v1.keras.experimental.export_saved_model(model, path(folder, "model"))


@contextlib.contextmanager
def seeds_not_asked_for(tf):
    """Disable op determinism: the export makes its own graphs, whose initialisers cannot be seeded.

    They are never run, but refused: https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
    """
    if not hasattr(getattr(getattr(tf, "config", None), "experimental", None), "enable_op_determinism"):  # before 2.8
        yield
        return
    from tensorflow.python.framework import config

    config.disable_op_determinism()
    try:
        yield
    finally:
        tf.config.experimental.enable_op_determinism()
