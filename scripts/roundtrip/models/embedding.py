"""Two embeddings of one shape, with different regularizers and sparse gradients.

Optimizers keep slots for embeddings too, and update only the rows that occur in a batch.
"""

from roundtrip.models import tokens

TITLE = "embeddings with sparse gradients"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "multi_io")
OPTIMIZER = "Adagrad"


def data(images, labels):
    codes = tokens(images)
    return [codes[:, ::2], codes[:, 1::2]], labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    even, odd = layers.Input((7,), dtype="int32", name="even"), layers.Input((7,), dtype="int32", name="odd")
    a = layers.Embedding(16, 6, embeddings_regularizer="l2", name="of_even")(even)
    b = layers.Embedding(16, 6, embeddings_regularizer="l1", name="of_odd")(odd)
    x = layers.Average(name="mean")([a, b])
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model([even, odd], x, name="embedding")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adagrad(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
