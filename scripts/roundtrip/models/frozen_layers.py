"""Layers of one shape, some frozen: when built, between building and compiling, and inside a nested model.

HDF5 stores trainable weights before the others, so a change of `trainable` changes the order of the weights. If the
flag is lost, resumed training changes a frozen weight.
"""

from roundtrip.models import pixels

TITLE = "frozen layers, trainable flipped after building"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "frozen", "nested")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    inner_input = layers.Input((20,), name="inner_input")
    inner = layers.Dense(20, activation="tanh", name="inner_1")(inner_input)
    inner = layers.Dense(20, activation="tanh", name="inner_2")(inner)
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="entry")(x)
    x = layers.Dense(20, activation="tanh", name="frozen_at_first", trainable=False)(x)
    x = layers.Dense(20, activation="tanh", name="frozen_later")(x)
    x = layers.Dense(20, activation="tanh", name="always_frozen", trainable=False)(x)
    x = rt.keras.Model(inner_input, inner, name="inner")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="frozen_layers")


def compile(rt, model):
    model.get_layer("frozen_at_first").trainable = True
    model.get_layer("frozen_later").trainable = False
    model.get_layer("inner").get_layer("inner_1").trainable = False
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
