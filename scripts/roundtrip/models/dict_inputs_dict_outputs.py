"""Inputs and outputs in dicts, with losses, loss weights and metrics by name.

The containers must come back too: a loaded model that returns a list, or accepts only a list, has lost its
structure even if each number is right.
"""

from roundtrip.models import pixels

TITLE = "dict of inputs, dict of outputs"
APIS = {"keras3": "", "keras2": ">=2.4", "keras2_graph": ">=1.14"}
TRAITS = ("functional", "multi_io", "dict_io")
OPTIMIZER = "Adagrad"


def data(images, labels):
    x = pixels(images)
    odd = (labels % 2).reshape(-1, 1).astype("float32")
    return {"upper": x[:, :392], "lower": x[:, 392:]}, {"which": labels.reshape(-1, 1).astype("int64"), "odd": odd}


def build(rt, inputs):
    layers = rt.keras.layers
    upper, lower = layers.Input((392,), name="upper"), layers.Input((392,), name="lower")
    a = layers.Dense(16, activation="tanh", name="from_upper")(upper)
    b = layers.Dense(16, activation="tanh", name="from_lower")(lower)
    x = layers.Concatenate(name="both")([a, b])
    which = layers.Dense(10, activation="softmax", name="which")(x)
    odd = layers.Dense(1, activation="sigmoid", name="odd")(x)
    return rt.keras.Model({"upper": upper, "lower": lower}, {"which": which, "odd": odd}, name="dict_io")


def compile(rt, model):
    keras = rt.keras
    model.compile(
        optimizer=keras.optimizers.Adagrad(0.05, initial_accumulator_value=0.02, epsilon=1e-6),
        loss={
            "which": keras.losses.SparseCategoricalCrossentropy(name="sce"),
            "odd": keras.losses.Huber(0.3, name="h"),
        },
        loss_weights={"which": 0.7, "odd": 1.9},
        metrics={
            "which": [keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top3")],
            "odd": [keras.metrics.BinaryAccuracy(threshold=0.4, name="at_0.4")],
        },
    )
