"""Models: each file builds one model, with its data, loss, optimizer and metrics.

Layers have explicit names. Arguments differ from their defaults, because a lost argument falls back to its default
and would otherwise go unnoticed. The first line of a model's docstring describes the model. The other lines say which
losses the model makes visible.
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
        kinds.Attribute(
            "TRAITS", t.TRAITS, kinds.REQUIRED, "facts to which contracts and exclusions refer (models.md)"
        ),
        kinds.Attribute("OPTIMIZER", t.TEXT, kinds.REQUIRED, "the optimizer in `compile`: its class, then options"),
        kinds.Attribute(
            "EXCLUDED",
            t.mapping(t.API, t.REASON),
            {},
            "the reason why `keras3` or `keras2` is missing in `APIS`",
        ),
        kinds.BACKENDS,
        kinds.Attribute(
            "TWIN",
            t.word("model"),
            None,
            "the model with the same architecture in another style (functional, subclassed); each names the other",
        ),
        kinds.Attribute("SAMPLES", t.NUMBER, 200, "the number of training samples; the last batch of 32 is smaller"),
        kinds.Attribute(
            "NAMES",
            t.mapping(t.word("role"), t.either(t.TEXT, t.mapping(t.TEXT, t.TEXT))),
            {},
            "in `tf1`, the names in the graph of the tensors `inputs`, `outputs`, `targets` and `loss`, of those of "
            "`metrics`, and of the op `train`",
        ),
        kinds.Attribute(
            "EXAMPLES",
            t.tuples(t.fixed(t.LIST, t.LIST), "(rows, answers)"),
            (),
            "requests to a server, and the answers that it must give",
        ),
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("data", ("images", "labels"), "(n, 28, 28) uint8, (n,) integers -> (inputs, targets)", True),
        kinds.Function(
            "build",
            ("rt", "inputs"),
            "returns the model, not compiled; layers may adapt to the training `inputs`",
            True,
        ),
        kinds.Function(
            "compile", ("rt", "model"), "compiles the model; arguments differ from their defaults where they can", True
        ),
        kinds.Function(
            "custom_objects",
            ("rt",),
            "returns {name: class or function} of the custom objects; registers those that are to be registered",
        ),
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
    """(n, 28, 28) uint8 -> (n, 7, 14) float32: every other row of small, because recurrent layers are slow."""
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
    """A decorator: ``define(rt)`` runs once for each Keras, and later calls return the same classes.

    ``build`` and ``custom_objects`` must use the same classes. If a class is registered a second time, it replaces the
    first one in Keras' registry without a warning.
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
    """``keras.ops``, or Ops if Keras has no ``ops``."""
    return getattr(rt.keras, "ops", None) or Ops(rt.tf)
