"""Names outside ASCII of inputs, outputs, loss, metrics and model arguments, two of them equal to the eye.

Names become keys of JSON, of signatures and of dicts: what encodes or normalises them otherwise takes one
output for the other. (Layers themselves are named in ASCII, for TensorFlow's name scopes take nothing else.)
"""

from roundtrip.models import one_hot, pixels

TITLE = "names outside ASCII"
APIS = {"keras3": "", "keras2": ">=2.4"}
TRAITS = ("functional", "multi_io", "dict_io", "unicode_names")

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


def data(images, labels):
    x = pixels(images)
    targets = {COMPOSED: one_hot(labels), DECOMPOSED: one_hot(9 - labels)}
    return {"Größe": x[:, :392], "层": x[:, 392:]}, targets


def build(rt, inputs):
    layers = rt.keras.layers
    size, layer = layers.Input((392,), name="size"), layers.Input((392,), name="layer")
    a = layers.Dense(16, activation="tanh", name="from_size")(size)
    b = layers.Dense(16, activation="tanh", name="from_layer")(layer)
    x = layers.Subtract(name="less")([a, b])
    outputs = {COMPOSED: layers.Dense(10, activation="softmax", name="first")(x)}
    outputs[DECOMPOSED] = layers.Dense(10, activation="softmax", name="second")(x)
    return rt.keras.Model({"Größe": size, "层": layer}, outputs, name="unicode_names")


def compile(rt, model):
    losses, metrics = rt.keras.losses, rt.keras.metrics
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss={
            COMPOSED: losses.CategoricalCrossentropy(label_smoothing=0.1, name="потеря"),
            DECOMPOSED: losses.MeanSquaredError(name="größe"),
        },
        loss_weights={COMPOSED: 0.7, DECOMPOSED: 1.9},
        metrics={COMPOSED: [metrics.TopKCategoricalAccuracy(k=2, name="Güte")]},
    )
