"""LayerNormalization over several axes, without scale, without center; GroupNormalization, UnitNormalization.

They differ only in their arguments. If an axis or epsilon is lost, the predictions change without an error.
"""

from roundtrip.models import picture

TITLE = "Layer, Group and UnitNormalization"
APIS = {"keras3": "", "keras2": ">=2.12", "keras2_graph": ">=2.12"}
TRAITS = ("functional",)
OPTIMIZER = "Adam (global_clipnorm)"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((14, 14, 1), name="image")
    x = layers.Conv2D(6, 3, strides=2, name="conv")(x)
    x = layers.LayerNormalization(axis=[1, 2], epsilon=0.01, name="over_space")(x)
    x = layers.LayerNormalization(axis=-1, center=False, epsilon=0.02, name="no_center")(x)
    x = layers.GroupNormalization(groups=3, epsilon=0.03, scale=False, name="groups")(x)
    x = layers.LayerNormalization(axis=-1, scale=False, epsilon=0.04, name="no_scale")(x)
    x = layers.UnitNormalization(axis=[1, 2], name="unit")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="layer_normalizations")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6, global_clipnorm=0.8),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
