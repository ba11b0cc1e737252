"""MultiHeadAttention and LayerNormalization inside a custom layer, twice in one model.

The first call builds the sublayers of a custom layer. Loaders that assigned weights before that call left the
sublayers unrestored, with no error and often with no warning.
"""

from roundtrip.models import once_per_keras, small

TITLE = "MultiHeadAttention inside a custom layer"
APIS = {"keras3": "", "keras2": ">=2.4"}
TRAITS = ("functional", "attention", "custom_registered")
OPTIMIZER = "Adam (amsgrad)"


def data(images, labels):
    return small(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    layers = rt.keras.layers

    @rt.register()
    class Block(layers.Layer):
        def __init__(self, heads=1, width=8, **kwargs):
            super().__init__(**kwargs)
            self.heads, self.width = heads, width
            self.attend = layers.MultiHeadAttention(heads, 5, name="attend")
            self.norm_1 = layers.LayerNormalization(epsilon=0.01, name="norm_1")
            self.norm_2 = layers.LayerNormalization(epsilon=0.02, name="norm_2")
            self.hidden = layers.Dense(width, activation="relu", name="hidden")
            self.back = layers.Dense(14, name="back")

        def call(self, x):
            x = self.norm_1(x + self.attend(x, x))
            return self.norm_2(x + self.back(self.hidden(x)))

        def get_config(self):
            return dict(super().get_config(), heads=self.heads, width=self.width)

    return {"Block": Block}


def build(rt, inputs):
    layers, block = rt.keras.layers, custom_objects(rt)["Block"]
    x = rows = layers.Input((14, 14), name="rows")
    x = block(2, 12, name="block_1")(x)
    x = block(2, 12, name="block_2")(x)
    x = layers.GlobalMaxPooling1D(name="max")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(rows, x, name="attention_in_custom_layer")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, beta_2=0.98, epsilon=1e-6, amsgrad=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
