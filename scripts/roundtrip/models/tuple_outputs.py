"""A model that returns a tuple of two outputs of one shape, one of which occurs twice.

Tuples that pass through JSON come back as lists. Outputs of one shape can be exchanged without an error.
"""

from roundtrip.models import one_hot, pixels

TITLE = "tuple of three outputs, one of them twice"
TRAITS = ("functional", "multi_io", "tuple_io")
OPTIMIZER = "Adamax"


def data(images, labels):
    return pixels(images), (one_hot(labels), one_hot((labels + 1) % 10), one_hot(labels))


def build(rt, inputs):
    layers = rt.keras.layers
    image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="hidden")(image)
    digit = layers.Dense(10, activation="softmax", name="this")(x)
    following = layers.Dense(10, activation="softmax", name="next")(x)
    return rt.keras.Model(image, (digit, following, digit), name="tuple_outputs")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adamax(0.01, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss=["categorical_crossentropy", "mean_squared_error", "mean_absolute_error"],
        loss_weights=[0.7, 1.9, 0.3],
    )
