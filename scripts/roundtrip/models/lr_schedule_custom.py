"""A custom, registered learning-rate schedule around one of Keras': schedules nest in the optimizer's config.

AdamW excludes the biases from its weight decay. No config holds this exclusion.
"""

from roundtrip.models import once_per_keras, ops, pixels

TITLE = "AdamW, custom schedule around cosine decay"
APIS = {"keras3": "", "keras2": ">=2.11"}
TRAITS = ("functional", "lr_schedule", "custom_registered")
OPTIMIZER = "AdamW (weight decay)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    schedules, k = rt.keras.optimizers.schedules, ops(rt)

    @rt.register()
    class Ramp(schedules.LearningRateSchedule):
        def __init__(self, after, steps=1):
            self.after, self.steps = after, steps

        def __call__(self, step):
            done = k.cast(step, "float32") / self.steps
            return self.after(step) * done / (1.0 + done)

        def get_config(self):
            return {"after": schedules.serialize(self.after), "steps": self.steps}

        @classmethod
        def from_config(cls, config):
            return cls(schedules.deserialize(config["after"]), config["steps"])

    return {"Ramp": Ramp}


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(24, activation="gelu", name="hidden_1")(x)
    x = layers.Dense(24, activation="gelu", name="hidden_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="lr_schedule_custom")


def compile(rt, model):
    optimizers = rt.keras.optimizers
    cosine = optimizers.schedules.CosineDecayRestarts(0.02, first_decay_steps=17, t_mul=1.5, m_mul=0.8, alpha=0.1)
    optimizer = optimizers.AdamW(custom_objects(rt)["Ramp"](cosine, 5), weight_decay=0.02, beta_1=0.85, epsilon=1e-6)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
