"""StringLookup with a given vocabulary of odd tokens: newlines, separators, spaces, a tab, combining marks.

SavedModel stores a vocabulary as a file with one token in each line, so a token with a line break cannot come back.
The other tokens are at risk wherever text is split, stripped or normalised.
"""

import numpy as np

TITLE = "StringLookup with odd tokens, and an embedding"
APIS = {"keras3": "", "keras2": ">=2.6"}
BACKENDS = ("tensorflow",)
TRAITS = ("functional", "strings", "vocabulary", "odd_tokens")
OPTIMIZER = "Adam"

_ODD = (
    "two\nlines",
    " padded ",
    "tab\tbed",
    "\u2028",
    "a,b",
    "é",
    "e\u0301",
    "\x85",
    "carriage\r\n",
    "\\n",
    "[NOT]",
    "🙂",
)


def data(images, labels):
    """A token chosen by label and brightness; some brightnesses give a token outside the vocabulary."""
    brightness = images.mean((1, 2)).astype("int64")
    text = [_ODD[(label + b % 3) % 12] if b % 7 else "unknown %d" % b for b, label in zip(brightness, labels)]
    return np.array(text, dtype=object), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    odd = {"vocabulary": list(_ODD), "mask_token": "mask", "oov_token": "[?]"}
    text = layers.Input((), dtype="string", name="token")
    x = layers.StringLookup(num_oov_indices=2, name="lookup", **odd)(text)
    x = layers.Embedding(len(_ODD) + 3, 8, name="embedding")(x)
    x = layers.Concatenate(name="both")([x, layers.StringLookup(output_mode="one_hot", name="one_hot", **odd)(text)])
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(text, x, name="string_lookup")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.02, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
