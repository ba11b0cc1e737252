"""A linear regression: functional, one Dense(1) on 32 inputs, mean squared error.

The smallest model with an optimizer that has three slots a weight (AMSGrad): a lost slot, a lost step
counter or a lost learning rate is the only thing that can go wrong.
"""

from roundtrip.models import features

TITLE = "dense regression, functional, 32-1"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional",)
OPTIMIZER = "Adam (amsgrad)"


def data(images, labels):
    return features(images), labels.reshape(-1, 1).astype("float32") / 9.0


def build(rt, inputs):
    layers = rt.keras.layers
    x = layers.Input((32,), name="measurements")
    return rt.keras.Model(x, layers.Dense(1, name="estimate")(x), name="dense_regression")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-5, amsgrad=True),
        loss="mean_squared_error",
        metrics=["mean_absolute_error"],
    )
