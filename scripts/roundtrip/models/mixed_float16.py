"""Layers that compute in float16 with float32 weights, and an optimizer that scales the loss.

The scale and its counter are optimizer state. The dtype policy of each layer must come back.
"""

from roundtrip.models import pixels

TITLE = "mixed_float16 with loss scaling"
APIS = {"keras3": "", "keras2": ">=2.11"}
TRAITS = ("functional", "mixed_precision", "loss_scale")
OPTIMIZER = "LossScaleOptimizer over Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(24, activation="relu", dtype="mixed_float16", name="half_1")(x)
    x = layers.Dense(24, activation="relu", dtype="mixed_float16", name="half_2")(x)
    x = layers.LayerNormalization(epsilon=0.01, dtype="float32", name="full")(x)
    x = layers.Dense(10, activation="softmax", dtype="float32", name="digit")(x)
    return rt.keras.Model(image, x, name="mixed_float16")


def compile(rt, model):
    keras = rt.keras
    # Keras 3 moved the class from mixed_precision to optimizers.
    scaling = getattr(keras.optimizers, "LossScaleOptimizer", None) or keras.mixed_precision.LossScaleOptimizer
    inner = keras.optimizers.Adam(0.004, beta_1=0.85, epsilon=1e-5)
    model.compile(
        optimizer=scaling(inner, initial_scale=2.0**9, dynamic_growth_steps=20),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
