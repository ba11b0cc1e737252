"""A small conv net with BatchNormalization, the kind on which large model support was tested.

Moving statistics are weights without gradients: a format that keeps only the trainable weights loses them. Two
blocks have the same shape, so that a swap becomes visible. Nadam keeps its momentum product in a variable.
"""

from roundtrip.models import picture

TITLE = "conv net with BatchNormalization"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "batchnorm")
OPTIMIZER = "Nadam"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="stem")(x)
    for i in (1, 2):
        x = layers.Conv2D(8, (3, 2), padding="same", name="conv_%d" % i)(x)
        x = layers.BatchNormalization(momentum=0.7 + 0.1 * i, epsilon=0.01 * i, name="norm_%d" % i)(x)
        x = layers.Activation("relu", name="relu_%d" % i)(x)
    x = layers.BatchNormalization(momentum=0.75, epsilon=0.02, center=False, scale=False, name="norm_plain")(x)
    x = layers.MaxPooling2D((2, 3), strides=2, padding="same", name="pool")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="conv_batchnorm")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Nadam(0.003, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
