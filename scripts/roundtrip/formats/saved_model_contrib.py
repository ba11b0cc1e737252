"""``contrib.saved_model.save_keras_model``, the predecessor of ``experimental.export_saved_model``.

Its documentation lists the weights, the graphs and the model's JSON. It says that only optimizers of ``tf.train`` can
be saved, and only as a part of the graphs.
"""

from roundtrip.formats import CALLABLES, path, promise

LINK = "https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/saving/saved_model.py"

TITLE = "contrib.saved_model.save_keras_model"
APIS = {"keras2": "<1.15", "keras2_graph": "<1.15"}
CARRIES = promise(("architecture", "weights", "non_trainable_state") + CALLABLES, LINK)
REJECTS = {"subclassed": "documented: subclassed models can only be exported with serving_only=True"}
FILES = {
    "model*/saved_model.pb": "the graphs, their signatures; TensorFlow 1.13: in a folder called after the time",
    "model*/assets/saved_model.json": "the model's architecture as JSON",
    "model*/variables/checkpoint": "names the checkpoint beside it",
    "model*/variables/variables.index": "where each variable lies in the data file",
    "model*/variables/variables.data-0000?-of-0000?": "the variables' values, a TensorFlow checkpoint",
}


def save(ctx, model, folder):
    ctx.tf.contrib.saved_model.save_keras_model(model, path(folder, "model"))
