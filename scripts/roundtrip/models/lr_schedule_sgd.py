"""SGD with Nesterov momentum and a learning rate that decays in steps; the schedule reads the step counter.

If the counter is reset, the first resumed batch uses the initial learning rate again.
"""

from roundtrip.models import pixels

TITLE = "SGD, Nesterov momentum, exponential decay"
APIS = {"keras3": "", "keras2": ">=1.14", "keras2_graph": ">=1.14"}
TRAITS = ("sequential", "lr_schedule")
OPTIMIZER = "SGD (Nesterov, momentum, ExponentialDecay)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    return rt.keras.Sequential(
        [
            layers.Input((784,), name="pixels"),
            layers.Dense(24, activation="relu", name="hidden_1"),
            layers.Dense(24, activation="relu", name="hidden_2"),
            layers.Dense(10, name="logits"),
        ],
        name="lr_schedule_sgd",
    )


def compile(rt, model):
    keras = rt.keras
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=9, decay_rate=0.8, staircase=True)
    model.compile(
        optimizer=keras.optimizers.SGD(schedule, momentum=0.85, nesterov=True, name="nesterov"),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, name="from_logits"),
        metrics=["accuracy"],
    )
