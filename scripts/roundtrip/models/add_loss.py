"""A layer that calls add_loss in its call method, used twice in one model.

If a loader restores the layers but not their losses, the predictions are right and the loss is wrong.
"""

from roundtrip.models import once_per_keras, ops, pixels

TITLE = "layers that call add_loss"
APIS = {"keras3": "", "keras2": ">=2.0", "keras2_graph": ">=2.0"}  # before, nothing registers a class
TRAITS = ("functional", "custom_registered", "add_loss")
OPTIMIZER = "Adagrad"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    k = ops(rt)

    @rt.register()
    class Sparsity(rt.keras.layers.Layer):
        def __init__(self, rate=0.0, **kwargs):
            super().__init__(**kwargs)
            self.rate = rate

        def call(self, x):
            self.add_loss(self.rate * k.mean(k.abs(x)))
            return x

        def get_config(self):
            return dict(super().get_config(), rate=self.rate)

    return {"Sparsity": Sparsity}


def build(rt, inputs):
    layers, sparsity = rt.keras.layers, custom_objects(rt)["Sparsity"]
    x = image = layers.Input((784,), name="pixels")
    for i, rate in enumerate((0.3, 0.7)):
        x = layers.Dense(20, activation="tanh", name="hidden_%d" % i)(x)
        x = sparsity(rate, name="sparsity_%d" % i)(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="add_loss")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adagrad(0.05, initial_accumulator_value=0.05, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
