"""Names outside ASCII: a registered class, a metric, and the keys of the inputs, two of which look the same.

Names become keys of JSON, of signatures and of dicts. Code that encodes or normalises them in another way can
confuse the two inputs. Layers and outputs have ASCII names, because TensorFlow's name scopes accept nothing else.
"""

from roundtrip.models import once_per_keras, one_hot, pixels

TITLE = "names outside ASCII"
APIS = {"keras3": "", "keras2": ">=2.4"}
TRAITS = ("functional", "multi_io", "dict_io", "custom_registered", "unicode_names")
OPTIMIZER = "Adam"

_COMPOSED, _DECOMPOSED = "caf\u00e9", "cafe\u0301"


def data(images, labels):
    x = pixels(images)
    return {_COMPOSED: x[:, :392], _DECOMPOSED: x[:, 392:]}, one_hot(labels)


@once_per_keras
def custom_objects(rt):
    @rt.register(name="Größe")
    class Size(rt.keras.layers.Layer):
        def __init__(self, einheit="m²", factor=1.0, **kwargs):
            super().__init__(**kwargs)
            self.einheit, self.factor = einheit, factor

        def call(self, x):
            return x * self.factor

        def get_config(self):
            return dict(super().get_config(), einheit=self.einheit, factor=self.factor)

    return {"Größe": Size}


def build(rt, inputs):
    layers = rt.keras.layers
    one, other = layers.Input((392,), name="one"), layers.Input((392,), name="other")
    a = layers.Dense(16, activation="tanh", name="from_one")(one)
    b = layers.Dense(16, activation="tanh", name="from_other")(other)
    x = layers.Subtract(name="less")([a, b])
    x = custom_objects(rt)["Größe"]("世界", 1.7, name="size")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model({_COMPOSED: one, _DECOMPOSED: other}, x, name="unicode_names")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="categorical_crossentropy",
        metrics=[rt.keras.metrics.TopKCategoricalAccuracy(k=2, name="Güte")],
    )
