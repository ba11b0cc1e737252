"""Lambda layers: a Python lambda that closes over a number, and a named function with arguments.

A format saves Python bytecode for the first and a name for the second. Keras 3 refuses bytecode in safe mode, other
versions of Python cannot run it, and the values that the lambda closes over are stored apart from it.
"""

from roundtrip.models import once_per_keras, pixels

TITLE = "Lambda layers"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("functional", "lambda")
OPTIMIZER = "Adam"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    @rt.register()
    def scaled(x, factor=1.0, shift=0.0):
        return x * factor + shift

    return {"scaled": scaled}


def build(rt, inputs):
    layers, scaled, power = rt.keras.layers, custom_objects(rt)["scaled"], 3
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="hidden")(x)
    x = layers.Lambda(lambda t: 0.5 * t + t**power, output_shape=(20,), name="cubed")(x)
    x = layers.Lambda(scaled, output_shape=(20,), arguments={"factor": 1.7, "shift": -0.2}, name="scaled")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="lambda_layer")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
