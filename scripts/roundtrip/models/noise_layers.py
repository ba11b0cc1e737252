"""Dropout, spatial and alpha dropout and Gaussian noise, each with its own seed.

Seeds are arguments, and seed states are variables. Resumed training continues the same sequence of random numbers
only if the states come back too.
"""

from roundtrip.models import small

TITLE = "dropout and noise layers with seeds"
APIS = {"keras3": "", "keras2": ">=2.8", "keras2_graph": ">=2.8"}
TRAITS = ("functional", "rng")
OPTIMIZER = "Adam"


def data(images, labels):
    return small(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = rows = layers.Input((14, 14), name="rows")
    x = layers.GaussianNoise(0.1, seed=11, name="noise")(x)
    x = layers.SpatialDropout1D(0.15, seed=12, name="spatial")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(24, activation="selu", name="hidden_1")(x)
    x = layers.AlphaDropout(0.1, seed=13, name="alpha")(x)
    x = layers.Dense(24, activation="relu", name="hidden_2")(x)
    x = layers.GaussianDropout(0.1, seed=14, name="gaussian")(x)
    x = layers.Dropout(0.2, noise_shape=(None, 24), seed=15, name="dropout")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(rows, x, name="noise_layers")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
