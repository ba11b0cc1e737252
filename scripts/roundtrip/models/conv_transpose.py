"""An autoencoder of transposed convolutions with output padding, in two dimensions and in one.

Output padding decides the output shape. If it is lost, the loaded model has another shape or cannot be built.
"""

from roundtrip.models import picture

TITLE = "ConvTranspose autoencoder with output padding"
APIS = {"keras3": "", "keras2": ">=2.4", "keras2_graph": ">=2.4"}
TRAITS = ("functional",)
OPTIMIZER = "Adam"


def data(images, labels):
    return picture(images), picture(images)


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="down")(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, output_padding=1, activation="relu", name="up")(x)
    x = layers.Conv2DTranspose(1, (2, 3), padding="same", use_bias=False, name="smooth")(x)
    x = layers.Reshape((14, 14), name="lines")(x)
    x = layers.Conv1D(8, 2, strides=2, padding="valid", activation="relu", name="down_1d")(x)
    x = layers.Conv1DTranspose(14, 3, strides=2, padding="same", output_padding=1, name="up_1d")(x)
    x = layers.Reshape((14, 14, 1), name="picture")(x)
    return rt.keras.Model(image, x, name="conv_transpose")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="mean_squared_error",
        metrics=["mean_absolute_error"],
    )
