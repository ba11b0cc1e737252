"""Losses and metrics outside compile: model.add_loss and add_metric on symbolic tensors, and those of a layer.

The documentation says that HDF5 drops them. The evaluation after loading shows whether the loss changes.
"""

from roundtrip.models import once_per_keras, pixels

TITLE = "model.add_loss, model.add_metric, and a layer's"
APIS = {"keras2": ">=2.0"}  # before, nothing registers a class
EXCLUDED = {"keras3": "Keras 3 has no add_metric, and its functional models no symbolic add_loss"}
TRAITS = ("functional", "custom_registered", "add_loss", "add_metric")
OPTIMIZER = "Adagrad"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    @rt.register()
    class Watched(rt.keras.layers.Layer):
        def __init__(self, rate=0.0, **kwargs):
            super().__init__(**kwargs)
            self.rate = rate

        def call(self, x):
            self.add_loss(self.rate * rt.tf.reduce_mean(x * x))
            self.add_metric(rt.tf.reduce_mean(x), name="watched_mean", aggregation="mean")
            return x

        def get_config(self):
            return dict(super().get_config(), rate=self.rate)

    return {"Watched": Watched}


def build(rt, inputs):
    layers = rt.keras.layers
    image = layers.Input((784,), name="pixels")
    first = layers.Dense(20, activation="tanh", name="first")(image)
    second = layers.Dense(20, activation="tanh", name="second")(first)
    x = custom_objects(rt)["Watched"](0.3, name="watched")(second)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    model = rt.keras.Model(image, x, name="add_loss_metric")
    model.add_loss(0.5 * rt.tf.reduce_mean(rt.tf.abs(first)))
    model.add_metric(rt.tf.reduce_mean(second), name="second_mean", aggregation="mean")
    return model


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adagrad(0.05, initial_accumulator_value=0.05, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
