"""Models: named builders with their data, loss, optimizer and metrics. One file each.

A model declares

``TITLE``    what it is, in a line
``APIS``     {api: range of Keras versions that can express it}
``TRAITS``   facts that contracts refer to (the words: docs/models.md)
``EXCLUDED`` {api: why it cannot express the model}, for ``keras3`` and ``keras2`` where ``APIS`` leaves them out
``BACKENDS`` the backends of Keras 3 that can run it, any where it names none
``TWIN``     the id of the same architecture written another way, for the transfer uses
``SAMPLES``  how many training samples it takes (batches of 32: the last one should be ragged)

and defines

``data(images, labels)``  (n, 28, 28) uint8 and (n,) integers -> (inputs, targets)
``build(rt, inputs)``     the uncompiled model; ``inputs`` are the training inputs, for layers that adapt
``compile(rt, model)``    compiles it; every argument that can differ from its default does
``custom_objects(rt)``    {name: class} of what it defines; registration happens here too, where it is wanted

Layers have explicit names, and arguments differ from their defaults, or losing them would go unseen.
"""

import functools

import numpy as np


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
