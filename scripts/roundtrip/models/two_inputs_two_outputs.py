"""Two inputs and two outputs as lists, with a loss, a loss weight and metrics for each output.

The assignment of losses and loss weights to outputs is stored by order or by name. Only the loss shows an exchange.
"""

from roundtrip.models import pixels

TITLE = "two inputs and outputs in lists, with loss weights"
APIS = {"keras3": "", "keras2": ">=1.14", "keras2_graph": ">=1.14"}
TRAITS = ("functional", "multi_io")
OPTIMIZER = "SGD (momentum)"


def data(images, labels):
    x = pixels(images)
    odd = (labels % 2).reshape(-1, 1).astype("float32")
    return [x[:, :392], x[:, 392:]], [labels.reshape(-1, 1).astype("int64"), odd]


def build(rt, inputs):
    layers = rt.keras.layers
    # Not in alphabetical order, so that sorting shows.
    upper, lower = layers.Input((392,), name="upper"), layers.Input((392,), name="lower")
    a = layers.Dense(16, activation="tanh", name="from_upper")(upper)
    b = layers.Dense(16, activation="tanh", name="from_lower")(lower)
    x = layers.Concatenate(name="both")([a, b])
    which = layers.Dense(10, activation="softmax", name="which")(x)
    odd = layers.Dense(1, activation="sigmoid", name="odd")(x)
    return rt.keras.Model([upper, lower], [which, odd], name="two_inputs_two_outputs")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.SGD(0.1, momentum=0.8),
        loss=["sparse_categorical_crossentropy", "mean_squared_error"],
        loss_weights=[0.7, 1.9],
        metrics=[["sparse_categorical_accuracy"], ["mean_absolute_error"]],
    )
