"""Regularizers of kernel, bias and activity, constraints, and initializers with arguments.

Regularizers only affect the loss, and constraints only affect training. Evaluation and resumed training show when
they are lost; predictions never do.
"""

from roundtrip.models import pixels

TITLE = "regularizers and constraints"
APIS = {"keras3": "", "keras2": ">=2.0", "keras2_graph": ">=2.0"}
TRAITS = ("functional", "regularizers")
OPTIMIZER = "Ftrl"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers, regularizers, constraints = rt.keras.layers, rt.keras.regularizers, rt.keras.constraints
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(
        20,
        activation="tanh",
        kernel_regularizer=regularizers.L1L2(l1=0.0003, l2=0.002),
        bias_regularizer=regularizers.L2(0.03),
        activity_regularizer=regularizers.L1(0.01),
        kernel_constraint=constraints.MaxNorm(1.3, axis=1),
        kernel_initializer=rt.keras.initializers.TruncatedNormal(mean=0.01, stddev=0.02, seed=5),
        name="first",
    )(x)
    x = layers.ActivityRegularization(l1=0.002, l2=0.003, name="activity")(x)
    x = layers.Dense(
        20,
        activation="relu",
        kernel_constraint=constraints.MinMaxNorm(0.3, 0.9, rate=0.7, axis=0),
        bias_constraint=constraints.NonNeg(),
        bias_initializer=rt.keras.initializers.Constant(0.2),
        name="second",
    )(x)
    x = layers.Dense(10, activation="softmax", kernel_constraint=constraints.UnitNorm(axis=0), name="digit")(x)
    return rt.keras.Model(image, x, name="regularizers")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Ftrl(0.1, initial_accumulator_value=0.3, l1_regularization_strength=0.002),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
