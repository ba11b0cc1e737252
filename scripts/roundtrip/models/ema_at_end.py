"""Lion with a moving average of the weights that overwrites the weights at the end of fit.

The saved model holds the averages as its weights. The optimizer's own copy of the averages continues from them.
"""

from roundtrip.models import pixels

TITLE = "Lion, moving average written at the end of fit"
APIS = {"keras3": "", "keras2": ">=2.13"}
BACKENDS = ("tensorflow", "torch")  # on JAX a second fit raises: the average has lost its initializer
TRAITS = ("functional", "ema")
OPTIMIZER = "Lion (EMA, weight decay)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="relu", name="hidden_1")(x)
    x = layers.Dense(20, activation="relu", name="hidden_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="ema_at_end")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Lion(
            0.002, beta_1=0.8, beta_2=0.97, weight_decay=0.01, use_ema=True, ema_momentum=0.9, name="lion_ema"
        ),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
