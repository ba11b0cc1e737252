"""A 784-64-64-10 MLP as a subclassed model with get_config; the twin of mlp_functional.

Formats that need the graph of layers reject it. The others must find its layers through its attributes.
"""

from roundtrip.models import once_per_keras, pixels

TITLE = "MLP, subclassed, 784-64-64-10"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("subclassed", "custom_registered")
OPTIMIZER = "RMSprop"
TWIN = "mlp_functional"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    layers = rt.keras.layers

    @rt.register()
    class SubclassedMLP(rt.keras.Model):
        def __init__(self, units=32, classes=2, **kwargs):
            super().__init__(**kwargs)
            self.units, self.classes = units, classes
            self.dense_1 = layers.Dense(units, activation="relu", name="dense_1")
            self.dense_2 = layers.Dense(units, activation="tanh", name="dense_2")
            self.dense_3 = layers.Dense(classes, activation="softmax", name="predictions")

        def call(self, x):
            return self.dense_3(self.dense_2(self.dense_1(x)))

        def get_config(self):
            return {"units": self.units, "classes": self.classes, "name": self.name}

    return {"SubclassedMLP": SubclassedMLP}


def build(rt, inputs):
    return custom_objects(rt)["SubclassedMLP"](64, 10, name="mlp_subclassed")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.002, rho=0.85, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )
