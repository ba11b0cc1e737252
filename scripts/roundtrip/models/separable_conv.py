"""Separable, depthwise, dilated, grouped and one-dimensional convolutions, with padding, cropping, upsampling.

The names and shapes of depthwise kernels changed between versions. The arguments decide the shapes.
"""

from roundtrip.models import picture

TITLE = "separable, depthwise, dilated convolutions"
APIS = {"keras3": "", "keras2": ">=2.10", "keras2_graph": ">=2.10"}
TRAITS = ("functional",)
OPTIMIZER = "Adam"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = layers.ZeroPadding2D(((1, 0), (2, 1)), name="pad")(x)
    x = layers.SeparableConv2D(6, 3, depth_multiplier=3, activation="relu", name="separable")(x)
    x = layers.DepthwiseConv2D((3, 2), depth_multiplier=2, padding="same", use_bias=False, name="depthwise")(x)
    x = layers.AveragePooling2D((2, 3), strides=2, padding="same", name="pool")(x)
    x = layers.Conv2D(6, 2, dilation_rate=2, activation="relu", name="dilated")(x)
    x = layers.Cropping2D(((1, 0), (0, 1)), name="crop")(x)
    x = layers.UpSampling2D((1, 2), interpolation="bilinear", name="up")(x)
    x = layers.Permute((2, 1, 3), name="permute")(x)
    x = layers.Reshape((-1, 6), name="sequence")(x)
    x = layers.SeparableConv1D(6, 3, strides=2, padding="same", depth_multiplier=2, name="separable_1d")(x)
    x = layers.Conv1D(6, 3, groups=2, padding="causal", dilation_rate=2, name="causal_groups")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="separable_conv")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
