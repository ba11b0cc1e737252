"""Losses with their own arguments on four outputs: delta, margins, axis, reduction, logits.

If an argument is lost, the predictions still agree, but the loss differs and training continues differently.
"""

from roundtrip.models import one_hot, pixels

TITLE = "losses with arguments and reductions"
APIS = {"keras3": "", "keras2": ">=2.12", "keras2_graph": ">=2.12"}
TRAITS = ("functional", "multi_io", "dict_io")
OPTIMIZER = "RMSprop (momentum)"


def data(images, labels):
    y = one_hot(labels)
    return pixels(images), {"huber": y, "focal": y, "cosine": y, "hinge": 2.0 * y - 1.0}


def build(rt, inputs):
    layers = rt.keras.layers
    image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="hidden")(image)
    names = ("huber", "focal", "cosine", "hinge")
    return rt.keras.Model(image, {n: layers.Dense(10, name=n)(x) for n in names}, name="loss_arguments")


def compile(rt, model):
    losses = rt.keras.losses
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.003, rho=0.8, momentum=0.2, epsilon=1e-5),
        loss={
            "huber": losses.Huber(delta=0.4, name="huber_0.4"),
            "focal": losses.BinaryFocalCrossentropy(
                apply_class_balancing=True,
                alpha=0.4,
                gamma=1.5,
                from_logits=True,
                label_smoothing=0.1,
                name="focal_1.5",
            ),
            "cosine": losses.CosineSimilarity(axis=-1, reduction="sum", name="cosine_sum"),
            "hinge": losses.SquaredHinge(name="hinge_squared"),
        },
        loss_weights={"huber": 1.3, "focal": 0.7, "cosine": 0.05, "hinge": 0.4},
    )
