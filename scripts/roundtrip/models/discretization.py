"""Discretization and IntegerLookup (adapted), Hashing with a salt, and CategoryEncoding: numbers become categories.

Bin boundaries and the integer vocabulary are adapted state that is not a weight. If the salt or a mode is lost, the
predictions change without an error.
"""

from roundtrip.models import features, tokens

TITLE = "Discretization, IntegerLookup, Hashing, CategoryEncoding"
APIS = {"keras3": ">=3.14", "keras2": ">=2.8"}  # 3.11 encodes into another width than it says
BACKENDS = ("tensorflow", "torch")  # JAX cannot trace its preprocessing
TRAITS = ("functional", "adapted", "vocabulary", "multi_io")
OPTIMIZER = "Adadelta"


def data(images, labels):
    return [features(images), tokens(images)[:, 6:8].astype("int64") * 7 - 3], labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    number, code = layers.Input((32,), name="number"), layers.Input((2,), dtype="int64", name="code")
    bins = layers.Discretization(num_bins=5, epsilon=0.02, output_mode="multi_hot", name="bins")
    bins.adapt(inputs[0][:, 4:8])
    lookup = layers.IntegerLookup(
        max_tokens=9, num_oov_indices=2, mask_token=-3, oov_token=-9, output_mode="count", name="lookup"
    )
    lookup.adapt(inputs[1].ravel())
    hashing = layers.Hashing(num_bins=7, salt=[11, 137], name="hashing")
    encoding = layers.CategoryEncoding(num_tokens=7, output_mode="multi_hot", name="encoding")
    x = layers.Concatenate(name="all")([bins(number[:, 4:8]), lookup(code), encoding(hashing(code)), number])
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model([number, code], x, name="discretization")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adadelta(0.9, rho=0.9, epsilon=1e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
