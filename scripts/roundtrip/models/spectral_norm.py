"""SpectralNormalization around a dense and a conv layer: a wrapper with its own state.

The wrapper's vector is a weight that training updates without a gradient. Each step also rewrites the wrapped kernel.
"""

from roundtrip.models import picture

TITLE = "SpectralNormalization"
APIS = {"keras3": "", "keras2": ">=2.19"}  # 2.13 to 2.18: cannot be trained, keras-team/keras#19140
TRAITS = ("functional",)
OPTIMIZER = "SGD (Nesterov, momentum)"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = layers.SpectralNormalization(layers.Conv2D(6, 3, strides=2, name="conv"), power_iterations=2, name="sn_conv")(x)
    x = layers.Activation("relu", name="relu")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.SpectralNormalization(layers.Dense(16, name="hidden"), power_iterations=3, name="sn_dense")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="spectral_norm")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.SGD(0.1, momentum=0.8, nesterov=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
