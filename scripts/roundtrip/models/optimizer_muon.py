"""Muon, one optimizer that updates hidden kernels and the other weights by different rules.

The rule for a weight depends on the weight's name and rank, and is not stored.
"""

from roundtrip.models import pixels

TITLE = "Muon"
APIS = {"keras3": ">=3.13"}  # before, its step asks a variable of TensorFlow for a path
EXCLUDED = {"keras2": "Muon came with Keras 3"}
TRAITS = ("functional",)
OPTIMIZER = "Muon (weight decay)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(16, activation="tanh", name="hidden_1")(x)
    x = layers.Dense(16, activation="tanh", name="hidden_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="optimizer_muon")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Muon(0.01, momentum=0.9, ns_steps=4, exclude_layers=["digit"], weight_decay=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
