"""The digit classifier of TensorFlow's tutorial: Sequential, 784-512-dropout(0.2)-10, Adam.

https://www.tensorflow.org/tutorials/keras/save_and_load
Dropout has a random state. If it does not come back, resumed training draws other random numbers.
"""

from roundtrip.models import pixels

TITLE = "digit MLP, sequential, 784-512-dropout-10"
APIS = {"keras3": "", "keras2": ">=1.14", "keras2_graph": ">=1.14"}
TRAITS = ("sequential", "rng")
OPTIMIZER = "Adam"
SAMPLES = 1000


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    return rt.keras.Sequential(
        [
            layers.Input((784,), name="pixels"),
            layers.Dense(512, activation="relu", name="hidden"),
            layers.Dropout(0.2, name="dropout"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="digit_mlp",
    )


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.002, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
