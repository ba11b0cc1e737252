"""A subclassed model without get_config, whose constructor takes a function.

Only its code can rebuild it. Formats that store a config fail, or write an artifact that cannot be loaded.
"""

from roundtrip.models import once_per_keras, ops, pixels

TITLE = "subclassed, without get_config"
TRAITS = ("subclassed", "no_config")
OPTIMIZER = "Adamax"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    layers = rt.keras.layers

    class Plain(rt.keras.Model):
        def __init__(self, combine, units=8):
            super().__init__(name="plain")
            self.combine = combine
            self.left = layers.Dense(units, activation="tanh", name="left")
            self.right = layers.Dense(units, activation="tanh", name="right")
            self.digit = layers.Dense(10, activation="softmax", name="digit")

        def call(self, x):
            return self.digit(self.combine(self.left(x), self.right(x)))

    return {"Plain": Plain}


def build(rt, inputs):
    k = ops(rt)
    return custom_objects(rt)["Plain"](lambda a, b: k.concatenate([a - b, a * b], -1), units=18)


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adamax(0.01, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
