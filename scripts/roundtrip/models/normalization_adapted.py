"""Normalization adapted per feature, an inverted one with given mean and variance, and Rescaling.

Adapted statistics are weights that fit does not change. If they are lost, the inputs are normalized wrongly and the
predictions change.
"""

from roundtrip.models import features

TITLE = "Normalization, adapted and given, and Rescaling"
APIS = {"keras3": "", "keras2": ">=2.9"}
TRAITS = ("functional", "adapted")
OPTIMIZER = "Ftrl"


def data(images, labels):
    return 255.0 * features(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = raw = layers.Input((32,), name="raw")
    adapted = layers.Normalization(axis=-1, name="adapted")
    adapted.adapt(inputs)
    x = adapted(x)
    x = layers.Dense(16, activation="tanh", name="hidden")(x)
    x = layers.Normalization(axis=None, mean=0.1, variance=1.7, name="given")(x)
    x = layers.Normalization(axis=None, mean=-0.2, variance=0.6, invert=True, name="inverted")(x)
    x = layers.Rescaling(1.3, offset=-0.1, name="rescaled")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(raw, x, name="normalization_adapted")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Ftrl(
            0.2,
            learning_rate_power=-0.6,
            initial_accumulator_value=0.2,
            l1_regularization_strength=0.001,
            l2_regularization_strength=0.002,
            l2_shrinkage_regularization_strength=0.001,
        ),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
