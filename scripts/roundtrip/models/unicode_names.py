"""Layer, input and model names outside ASCII, two of them equal to the eye.

Names become groups of HDF5, keys of JSON and members of a zip: one that encodes or normalises them
otherwise loses the layer.
"""

from roundtrip.models import pixels

TITLE = "names outside ASCII"
APIS = {"keras3": ""}
EXCLUDED = {"keras2": "Keras 2 makes a TensorFlow name scope of each layer name, and those take ASCII alone"}
TRAITS = ("functional", "unicode_names")


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="bild")
    x = layers.Dense(16, activation="tanh", name="Größe")(x)
    x = layers.Dense(16, activation="tanh", name="caf\u00e9")(x)
    x = layers.Dense(16, activation="tanh", name="cafe\u0301")(x)
    x = layers.Dense(16, activation="tanh", name="层 一")(x)
    x = layers.Dense(10, activation="softmax", name="цифра")(x)
    return rt.keras.Model(image, x, name="unicode_names")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
