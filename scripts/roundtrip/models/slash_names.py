"""Layer names with slashes, which are also path separators in HDF5 and in checkpoints.

A layer called "a/b" and a layer "b" inside "a" get the same group in the file.
"""

from roundtrip.models import pixels

TITLE = "layer names with slashes"
APIS = {"keras2": ""}
EXCLUDED = {"keras3": "Keras 3 refuses a layer name with a slash"}
TRAITS = ("functional", "nested", "slash_names")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    keras, layers = rt.keras, rt.keras.layers
    inside = layers.Input((16,), name="inside")
    nested = keras.Model(inside, layers.Dense(16, activation="tanh", name="dense")(inside), name="block")
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(16, activation="tanh", name="block/entry")(x)
    x = layers.Dense(16, activation="tanh", name="block/dense")(x)
    x = nested(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model(image, x, name="slash_names")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
