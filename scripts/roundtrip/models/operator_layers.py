"""Operators and functions on symbolic tensors, which become layers in the config, with their constants.

Keras stores constants on the left, constants on the right, slices, and calls with keyword arguments in different
ways.
"""

from roundtrip.models import ops, pixels

TITLE = "operators and functions on symbolic tensors"
APIS = {"keras3": "", "keras2": ">=2.4"}
TRAITS = ("functional", "operators")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers, k = rt.keras.layers, ops(rt)
    image = layers.Input((784,), name="pixels")
    a = layers.Dense(20, name="left")(image)
    b = layers.Dense(20, name="right")(image)
    x = 0.7 - k.relu(a + 0.1) * 0.8 + b / 3.0
    x = k.concatenate([x[:, ::2], -x[:, 3:8], k.tanh(b) ** 2], axis=1)
    x = x - k.mean(x, axis=1, keepdims=True)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="operator_layers")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
