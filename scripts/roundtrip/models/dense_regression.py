"""A linear regression: functional, one Dense(1) on 32 inputs, mean squared error.

The smallest model whose optimizer has three slots for each weight (AMSGrad). Few things can be lost besides a slot,
the step counter or the learning rate.
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
