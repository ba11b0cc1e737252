"""Random image layers in the model, with seeds, fill modes and ranges.

They are active in training only, so predictions do not show a lost argument. Resumed training shows it.
"""

from roundtrip.models import picture

TITLE = "random image augmentation"
APIS = {"keras3": "", "keras2": ">=2.9"}
TRAITS = ("sequential", "rng")
OPTIMIZER = "Adam"


def data(images, labels):
    return picture(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    return rt.keras.Sequential(
        [
            layers.Input((14, 14, 1), name="image"),
            layers.RandomTranslation(0.1, (-0.1, 0.05), fill_mode="constant", fill_value=0.1, seed=21, name="shift"),
            layers.RandomRotation(0.03, fill_mode="nearest", seed=22, name="rotate"),
            layers.RandomContrast(0.2, seed=23, name="contrast"),
            layers.RandomFlip("vertical", seed=24, name="flip"),
            layers.Flatten(name="flat"),
            layers.Dense(24, activation="relu", name="hidden"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="random_augmentation",
    )


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.005, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
