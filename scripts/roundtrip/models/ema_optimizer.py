"""An optimizer that keeps an exponential moving average of the weights and overwrites them with it every 5 steps.

The averages are optimizer state: one more slot for each weight. The overwriting depends on the step counter, so a
counter that is off by one shows only in resumed training.
"""

from roundtrip.models import pixels

TITLE = "Adam with moving average of the weights"
APIS = {"keras3": "", "keras2": ">=2.11"}
BACKENDS = ("tensorflow", "torch")  # on JAX a second fit raises: the average has lost its initializer
TRAITS = ("sequential", "ema")
OPTIMIZER = "Adam (clipnorm, EMA)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    return rt.keras.Sequential(
        [
            layers.Input((784,), name="pixels"),
            layers.Dense(20, activation="relu", name="hidden_1"),
            layers.Dense(20, activation="relu", name="hidden_2"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="ema_optimizer",
    )


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(
            0.01, beta_1=0.85, epsilon=1e-6, use_ema=True, ema_momentum=0.6, ema_overwrite_frequency=5, clipnorm=0.9
        ),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
