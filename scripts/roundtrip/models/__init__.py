"""Models: named builders with their data, loss, optimizer and metrics. One file each.

Layers have explicit names, and arguments differ from their defaults, or losing them would go unseen. The first
line of a model's docstring says what it is, the rest what it makes visible.
"""

import functools

import numpy as np

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "model",
    [
        kinds.TITLE,
        kinds.apis({"keras3": "", "keras2": ""}),
        kinds.Attribute("TRAITS", t.TRAITS, kinds.REQUIRED, "facts that contracts and exclusions refer to (models.md)"),
        kinds.Attribute("OPTIMIZER", t.TEXT, kinds.REQUIRED, "the optimizer that it is compiled with, its class first"),
        kinds.Attribute(
            "EXCLUDED",
            t.mapping(t.API, t.REASON),
            {},
            "why `keras3` or `keras2` cannot express it, where `APIS` leaves them out",
        ),
        kinds.BACKENDS,
        kinds.Attribute(
            "TWIN", t.word("model"), None, "the same architecture written another way; each names the other"
        ),
        kinds.Attribute("SAMPLES", t.NUMBER, 200, "how many training samples it takes; the last batch of 32 is ragged"),
        kinds.Attribute(
            "NAMES",
            t.mapping(t.word("role"), t.either(t.TEXT, t.mapping(t.TEXT, t.TEXT))),
            {},
            "in `tf1`, what its code calls the tensors `inputs`, `outputs`, `targets` and `loss`, those of `metrics`, "
            "and the op `train`",
        ),
        kinds.Attribute(
            "EXAMPLES",
            t.tuples(t.fixed(t.LIST, t.LIST), "(rows, answers)"),
            (),
            "what a server is asked, and must answer",
        ),
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("data", ("images", "labels"), "(n, 28, 28) uint8, (n,) integers -> (inputs, targets)", True),
        kinds.Function("build", ("rt", "inputs"), "the uncompiled model; `inputs`, for training, to adapt to", True),
        kinds.Function("compile", ("rt", "model"), "compiles it; no argument that can differ is its default", True),
        kinds.Function("custom_objects", ("rt",), "{name: class} of what it defines; registers what is registered"),
    ],
)


def pixels(images):
    """(n, 28, 28) uint8 -> (n, 784) float32 in [0, 1]."""
    return images.reshape(len(images), -1).astype("float32") / 255.0


def rows(images):
    """(n, 28, 28) uint8 -> (n, 28, 28) float32 in [0, 1]: 28 time steps of 28 features."""
    return images.astype("float32") / 255.0


def small(images):
    """(n, 28, 28) uint8 -> (n, 14, 14) float32 in [0, 1], the means of 2 x 2 pixels."""
    return rows(images).reshape(len(images), 14, 2, 14, 2).mean((2, 4))


def steps(images):
    """(n, 28, 28) uint8 -> (n, 7, 14) float32: every other row of small, for recurrent layers are slow."""
    return small(images)[:, ::2]


def picture(images):
    """(n, 28, 28) uint8 -> (n, 14, 14, 1) float32 in [0, 1]: small, with a channel."""
    return small(images)[..., np.newaxis]


def features(images):
    """(n, 28, 28) uint8 -> (n, 32) float32: the mean brightness of each row and of each quadrant."""
    quadrants = rows(images).reshape(len(images), 2, 14, 2, 14).mean((2, 4))
    return np.concatenate([rows(images).mean(2), quadrants.reshape(len(images), 4)], axis=1)


def tokens(images):
    """(n, 28, 28) uint8 -> (n, 14) int32 in 0..15: how many of 16 parts of each small row are bright."""
    return np.minimum(small(images).mean(2) * 32, 15).astype("int32")


def one_hot(labels):
    """(n,) integers -> (n, 10) float32."""
    return np.eye(10, dtype="float32")[labels]


def once_per_keras(define):
    """Make ``define(rt)`` give the same classes whenever the same Keras asks again.

    ``build`` and ``custom_objects`` must speak of the same classes, and a class that is registered a second
    time replaces the first one in Keras' registry without a word.
    """
    made = {}

    @functools.wraps(define)
    def classes(rt):
        name = rt.keras.__name__
        if name not in made:
            made[name] = define(rt)
        return made[name]

    return classes


class Ops(object):
    """The tensor functions that custom layers use, by Keras 3's names, from TensorFlow."""

    def __init__(self, tf):
        self.abs, self.square, self.tanh, self.matmul = tf.abs, tf.square, tf.tanh, tf.matmul
        self.mean, self.sum, self.concatenate = tf.reduce_mean, tf.reduce_sum, tf.concat
        self.relu, self.softplus, self.cast, self.transpose = tf.nn.relu, tf.nn.softplus, tf.cast, tf.transpose


def ops(rt):
    """``keras.ops``, or what stands for it where Keras has none."""
    return getattr(rt.keras, "ops", None) or Ops(rt.tf)
