"""A layer used twice, nested functional and sequential models, and a layer that another model uses too.

Keras counts inbound nodes per layer. The call that belongs to the other model must not be saved with this model,
and the weights of the shared layer must be restored only once.
"""

from roundtrip.models import pixels

TITLE = "shared layer, nested models, a layer reused outside"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
TRAITS = ("functional", "shared", "nested", "multi_io")
OPTIMIZER = "Adadelta"


def data(images, labels):
    x = pixels(images)
    return [x[:, :392], x[:, 392:]], labels.astype("int64")


def build(rt, inputs):
    keras, layers = rt.keras, rt.keras.layers
    top, bottom = layers.Input((392,), name="top"), layers.Input((392,), name="bottom")
    shared = layers.Dense(16, activation="tanh", name="shared")
    elsewhere = layers.Input((392,), name="elsewhere")
    keras.Model(elsewhere, shared(elsewhere), name="another_model")

    inner_input = layers.Input((16,), name="inner_input")
    inner = keras.Model(inner_input, layers.Dense(16, activation="relu", name="inner_dense")(inner_input), name="inner")
    tower = keras.Sequential(name="tower")
    tower.add(layers.Dense(16, activation="elu", name="tower_dense"))
    tower.add(layers.Dense(16, activation="tanh", name="tower_top"))

    first, second = shared(top), shared(bottom)
    x = layers.Concatenate(axis=-1, name="both")([inner(first), tower(second), inner(second)])
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model([top, bottom], x, name="shared_nested")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adadelta(0.8, rho=0.9, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
