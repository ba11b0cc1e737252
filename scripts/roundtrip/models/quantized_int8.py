"""Layers quantized to int8: integer kernels with scales; only the biases and the last layer still train.

Kernels change their dtype and get a scale. A loader must rebuild the quantized layers before it assigns weights.
"""

from roundtrip.models import pixels

TITLE = "Dense layers quantized to int8"
APIS = {"keras3": ">=3.4"}
EXCLUDED = {"keras2": "quantize came with Keras 3"}
TRAITS = ("functional", "quantized")
OPTIMIZER = "Adafactor"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(24, activation="tanh", name="int8_1")(x)
    x = layers.Dense(24, activation="tanh", name="int8_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    model = rt.keras.Model(image, x, name="quantized_int8")
    for name in ("int8_1", "int8_2"):
        model.get_layer(name).quantize("int8")
    return model


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adafactor(0.05, beta_2_decay=-0.7, clip_threshold=0.9, relative_step=False),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
