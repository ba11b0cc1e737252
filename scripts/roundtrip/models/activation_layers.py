"""Activation layers with arguments, and layer objects given as the activation argument.

A loader that rebuilds an activation from its name alone gives it its default slope.
"""

from roundtrip.models import pixels

TITLE = "activation layers, also as arguments"
APIS = {"keras3": "", "keras2": ">=2.4", "keras2_graph": ">=2.4"}
TRAITS = ("functional", "activation_objects")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation=layers.LeakyReLU(0.15, name="inner_leaky"), name="with_leaky")(x)
    x = layers.Dense(20, activation=layers.ELU(0.6, name="inner_elu"), name="with_elu")(x)
    x = layers.ReLU(max_value=3.5, negative_slope=0.2, threshold=0.05, name="relu")(x)
    x = layers.Reshape((4, 5), name="grid")(x)
    x = layers.PReLU(shared_axes=[1], name="prelu")(x)
    x = layers.Activation("swish", name="swish")(x)
    x = layers.Softmax(axis=1, name="softmax")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="activation_layers")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
