"""The small conv net of the large model support tests, without its dropout, and with a skip connection.

Two convolutions, pooling and two dense layers. The skip connection keeps a tensor alive during the forward pass, so
an artifact that holds only the forward pass can still contain a swap. The model draws no random numbers: resumed
training with and without a rewrite must agree bit for bit.
"""

from roundtrip.models import one_hot, picture

TITLE = "conv net of the large model support tests"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional",)
OPTIMIZER = "Adadelta"


def data(images, labels):
    return picture(images), one_hot(labels)


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = first = layers.Conv2D(8, (3, 3), padding="same", activation="relu", name="conv_1")(x)
    x = layers.Conv2D(16, (3, 3), padding="same", activation="relu", name="conv_2")(x)
    x = layers.Conv2D(8, (3, 3), padding="same", activation="tanh", name="conv_3")(x)
    x = layers.Concatenate(name="past")([x, first])
    x = layers.MaxPooling2D((2, 2), name="pool")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(32, activation="relu", name="hidden")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="lms_convnet")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adadelta(0.5, rho=0.9, epsilon=1e-6),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
