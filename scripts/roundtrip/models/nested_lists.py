"""A subclassed model with sublayers of one shape in nested lists and dicts.

Keras finds the weights through the model's attributes. Some versions skipped nested containers without a warning,
or restored their content in another order.
"""

from roundtrip.models import _nested, once_per_keras, one_hot, pixels

TITLE = "subclassed, sublayers in nested lists and dicts"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("subclassed", "custom_registered", "containers")
OPTIMIZER = "Adam (clipnorm)"
compile = _nested.compile


def data(images, labels):
    return pixels(images), one_hot(labels)


@once_per_keras
def custom_objects(rt):
    class NestedModel(_nested.define(rt, rt.keras.Model, "NestedBase")):
        def __init__(self, depth=1, **kwargs):
            super().__init__(depth, **kwargs)
            self.digit = rt.keras.layers.Dense(10, activation="softmax", name="digit")

        def call(self, x):
            return self.digit(super().call(x))

    return {"NestedModel": rt.register()(NestedModel)}


def build(rt, inputs):
    return custom_objects(rt)["NestedModel"](2, name="nested_lists")
