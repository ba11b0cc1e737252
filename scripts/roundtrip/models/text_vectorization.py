"""TextVectorization adapted to text with odd letters, n-grams, and an embedding of its vocabulary.

The vocabulary is state that is not a weight. Its tokens must come back unchanged and in the same order, from the
artifact alone.
"""

import numpy as np

TITLE = "TextVectorization, adapted, with an embedding"
APIS = {"keras3": ">=3.14", "keras2": ">=2.6"}
BACKENDS = ("tensorflow",)
TRAITS = ("sequential", "strings", "adapted", "vocabulary")
OPTIMIZER = "Nadam"

_WORDS = ("zéro", "один", "二", "dreißig", "ÇA", "fünf", "٦", "s-even", "naïve\u0301", "𝟗")


def data(images, labels):
    """For each image the words of the digits of its brightness and of its label, with more than one kind of space."""
    brightness = images.mean((1, 2)).astype("int64")
    text = [
        "\t".join((_WORDS[b % 10], _WORDS[b // 10 % 10])) + "\u00a0 " + _WORDS[label] + " \n" + _WORDS[(label + b) % 10]
        for b, label in zip(brightness, labels)
    ]
    return np.array(text, dtype=object), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    vectorize = layers.TextVectorization(
        max_tokens=60, standardize="lower", split="whitespace", ngrams=2, output_sequence_length=6, name="vectorize"
    )
    vectorize.adapt(inputs)
    return rt.keras.Sequential(
        [
            layers.Input((), dtype="string", name="text"),
            vectorize,
            layers.Embedding(60, 6, name="embedding"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="text_vectorization",
    )


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Nadam(0.02, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
