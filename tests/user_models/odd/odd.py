"""Models that cannot be judged in full, or not at all."""

import keras
import numpy as np
from keras import layers


class Scale(layers.Layer):
    """Begins with values that no seed decides."""

    def build(self, input_shape):
        first = np.random.default_rng().uniform(0.5, 1.5)
        self.scale = self.add_weight(name="scale", shape=(), initializer=keras.initializers.Constant(first))

    def call(self, x):
        return x * self.scale


def chance():
    inputs = keras.Input((6,))
    return keras.Model(inputs, layers.Dense(2)(Scale()(inputs)))


def bug():
    widths = {"hidden": 8}
    inputs = keras.Input((6,))
    return keras.Model(inputs, layers.Dense(widths["last"])(inputs))
