"""Gradients accumulated over three batches for each update; the model is saved in the middle of an accumulation.

The accumulators are optimizer state. The epochs before saving end between two updates, so lost accumulators show in
resumed training.
"""

from roundtrip.models import pixels

TITLE = "gradient accumulation over three batches"
APIS = {"keras3": ">=3.3"}
EXCLUDED = {"keras2": "gradient_accumulation_steps came with Keras 3"}
TRAITS = ("functional", "gradient_accumulation")
OPTIMIZER = "SGD (momentum, accumulation)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="hidden_1")(x)
    x = layers.Dense(20, activation="tanh", name="hidden_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="gradient_accumulation")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.SGD(0.1, momentum=0.8, gradient_accumulation_steps=3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
