"""A custom layer with sublayers of one shape in nested lists and dicts, inside a functional model.

The config of the functional model names the model's own layers. The sublayers of the custom layer are found through
its attributes.
"""

from roundtrip.models import _nested, once_per_keras, one_hot, pixels

TITLE = "custom layer, sublayers in nested lists and dicts"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("functional", "custom_registered", "containers")
OPTIMIZER = "Adam (clipnorm)"
compile = _nested.compile


def data(images, labels):
    return pixels(images), one_hot(labels)


@once_per_keras
def custom_objects(rt):
    return {"NestedLayer": rt.register()(_nested.define(rt, rt.keras.layers.Layer, "NestedLayer"))}


def build(rt, inputs):
    layers, nested = rt.keras.layers, custom_objects(rt)["NestedLayer"]
    x = image = layers.Input((784,), name="pixels")
    x = nested(2, name="nested_1")(x)
    x = nested(1, name="nested_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="nested_lists_in_layer")
