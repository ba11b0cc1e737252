"""A mixer over the patches of an image, with a package beside Keras."""

import keras
from einops.layers.keras import Rearrange
from keras import layers


def build():
    image = keras.Input((28, 28, 1))
    x = Rearrange("b (h p) (w q) c -> b (h w) (p q c)", p=7, q=7)(image)
    x = layers.Dense(16, activation="gelu")(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(image, layers.Dense(10)(x))
