"""Weights kept in bfloat16 and in float64 beside float32 weights.

NumPy and HDF5 have no bfloat16. A format must store it in another way and restore the same dtype and values.
"""

from roundtrip.models import pixels

TITLE = "bfloat16, float64 and float32 weights"
APIS = {"keras3": "", "keras2": ">=2.8"}
TRAITS = ("functional", "mixed_precision", "bfloat16")
OPTIMIZER = "SGD (Nesterov, momentum)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(16, activation="relu", dtype="bfloat16", name="brain")(x)
    x = layers.Dense(16, activation="tanh", dtype="mixed_bfloat16", name="mixed")(x)
    x = layers.Dense(16, activation="tanh", dtype="float64", name="double")(x)
    x = layers.Dense(10, activation="softmax", dtype="float32", name="digit")(x)
    return rt.keras.Model(image, x, name="bfloat16")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.SGD(0.05, momentum=0.75, nesterov=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
