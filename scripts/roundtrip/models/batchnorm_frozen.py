"""BatchNormalization frozen in a nested backbone, and trainable outside it, as in fine-tuning.

A frozen BatchNormalization uses its moving statistics in training too. If the flag is lost, the statistics change.
"""

from roundtrip.models import picture

TITLE = "frozen backbone with BatchNormalization"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "batchnorm", "frozen", "nested")
OPTIMIZER = "RMSprop"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = inner = layers.Input((14, 14, 1), name="backbone_input")
    x = layers.Conv2D(6, 3, strides=2, activation="relu", name="conv")(x)
    x = layers.BatchNormalization(momentum=0.7, epsilon=0.01, name="norm")(x)
    backbone = rt.keras.Model(inner, x, name="backbone")
    backbone.trainable = False
    image = layers.Input((14, 14, 1), name="image")
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="head_conv")(backbone(image))
    x = layers.BatchNormalization(momentum=0.7, epsilon=0.01, name="head_norm")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="batchnorm_frozen")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.003, rho=0.85, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
