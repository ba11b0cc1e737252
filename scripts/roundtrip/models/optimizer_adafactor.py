"""Adafactor, which keeps the second moments of a matrix as a row and a column: slots differ in shape from weights.

Factored and plain slots exist side by side. The size of a step also depends on the values of the weights.
"""

from roundtrip.models import pixels

TITLE = "Adafactor"
APIS = {"keras3": "", "keras2": ">=2.11"}
TRAITS = ("functional",)
OPTIMIZER = "Adafactor"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(16, activation="tanh", name="hidden_1")(x)
    x = layers.Dense(16, activation="tanh", name="hidden_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="optimizer_adafactor")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adafactor(
            0.05, beta_2_decay=-0.7, epsilon_1=1e-20, epsilon_2=0.01, clip_threshold=0.9, relative_step=False
        ),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
