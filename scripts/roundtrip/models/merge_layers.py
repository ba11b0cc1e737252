"""Merging and reshaping layers with arguments, EinsumDense and TimeDistributed.

These layers keep only axes and the order of their inputs. If two inputs of one shape are exchanged, a sum stays the
same and a difference changes.
"""

from roundtrip.models import small

TITLE = "merging layers, EinsumDense, TimeDistributed"
APIS = {"keras3": "", "keras2": ">=2.10", "keras2_graph": ">=2.10"}
TRAITS = ("functional",)
OPTIMIZER = "Adam"


def data(images, labels):
    return small(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    rows = layers.Input((14, 14), name="rows")
    a = layers.EinsumDense("abc,cd->abd", (None, 8), activation="tanh", bias_axes="d", name="einsum_1")(rows)
    b = layers.EinsumDense("abc,bd->adc", (8, None), activation="tanh", bias_axes="d", name="einsum_2")(rows)
    b = layers.Permute((2, 1), name="turned")(b)
    c = layers.TimeDistributed(layers.Dense(8, activation="elu", name="dense"), name="every_row")(rows)
    less = layers.Subtract(name="less")([a, b])
    most = layers.Maximum(name="most")([b, c])
    dot = layers.Dot(axes=(2, 2), normalize=True, name="cosine")([less, most])
    flat = layers.Concatenate(axis=2, name="all")([dot, layers.Multiply(name="times")([a, c])])
    x = layers.GlobalMaxPooling1D(keepdims=True, name="max")(flat)
    x = layers.Reshape((22,), name="flat")(x)
    x = layers.RepeatVector(3, name="repeat")(x)
    x = layers.Flatten(name="again")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(rows, x, name="merge_layers")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
