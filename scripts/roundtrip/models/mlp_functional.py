"""A 784-64-64-10 MLP as a functional model; the twin of mlp_subclassed.

Weights are transferred to the twin by position, so a changed order of the weights becomes visible.
"""

from roundtrip.models import pixels

TITLE = "MLP, functional, 784-64-64-10"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional",)
OPTIMIZER = "RMSprop"
TWIN = "mlp_subclassed"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = digits = layers.Input((784,), name="digits")
    x = layers.Dense(64, activation="relu", name="dense_1")(x)
    x = layers.Dense(64, activation="tanh", name="dense_2")(x)
    x = layers.Dense(10, activation="softmax", name="predictions")(x)
    return rt.keras.Model(digits, x, name="mlp_functional")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.002, rho=0.85, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )
