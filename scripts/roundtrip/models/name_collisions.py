"""The same name at several levels: the model, a nested model and layers share one name.

A format that stores weights by name, without the path to the layer, assigns the weights of one layer to another.
All weights have the same shape, so nothing raises an error.
"""

from roundtrip.models import pixels

TITLE = "same names at different levels of nesting"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "nested", "name_collisions")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    keras, layers = rt.keras, rt.keras.layers

    def nested(name, activation):
        x = inside = layers.Input((16,), name="pixels")
        x = layers.Dense(16, activation=activation, name="same")(x)
        x = layers.Dense(16, activation=activation, name="other")(x)
        return keras.Model(inside, x, name=name)

    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(16, activation="tanh", name="entry")(x)
    x = layers.Dense(16, activation="tanh", name="same")(x)
    x = nested("other", "tanh")(x)
    x = nested("collisions", "elu")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model(image, x, name="collisions")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
