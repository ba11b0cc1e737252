"""Masks from Masking and from Embedding(mask_zero), through recurrent layers and pooling.

A mask is not a tensor in the config: flags of the layers create it. Without the flags, the dark rows of an image
count as time steps.
"""

from roundtrip.models import steps, tokens

TITLE = "Masking, and Embedding with mask_zero"
#: 3.6 to 3.9 cannot trace TimeDistributed with a mask and an open batch size
APIS = {"keras3": "!=3.6.*,!=3.7.*,!=3.8.*,!=3.9.*", "keras2": ">=1.14", "keras2_graph": ">=1.14"}
TRAITS = ("functional", "rnn", "masking", "multi_io")
OPTIMIZER = "RMSprop (momentum)"


def data(images, labels):
    return [steps(images), tokens(images)[:, ::2]], labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    rows, codes = layers.Input((7, 14), name="rows"), layers.Input((7,), dtype="int32", name="codes")
    a = layers.Masking(mask_value=0.0, name="mask_dark")(rows)
    a = layers.SimpleRNN(10, activation="softsign", name="over_rows")(a)
    b = layers.Embedding(16, 6, mask_zero=True, name="embedding")(codes)
    b = layers.TimeDistributed(layers.Dense(6, activation="tanh", name="each"), name="every")(b)
    c = layers.GlobalAveragePooling1D(name="mean")(b)
    b = layers.SimpleRNN(10, activation="relu", go_backwards=True, name="over_codes")(b)
    x = layers.Concatenate(name="both")([a, b, c])
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model([rows, codes], x, name="masking")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.01, rho=0.85, momentum=0.2, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
