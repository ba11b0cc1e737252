"""The custom layer, loss, metric and activation that custom_registered and custom_unregistered share."""

from roundtrip.models import one_hot, ops, pixels


def data(images, labels):
    return pixels(images), one_hot(labels)


def define(rt, mark):
    """{name: class or function}; ``mark`` is applied to each, as a decorator (registration, or nothing)."""
    keras, k = rt.keras, ops(rt)

    @mark
    class Gate(keras.layers.Layer):
        def __init__(self, sharpness=1.0, **kwargs):
            super().__init__(**kwargs)
            self.sharpness = sharpness

        def build(self, input_shape):
            self.slope = self.add_weight(name="slope", shape=(int(input_shape[-1]),), initializer="ones")
            self.shift = self.add_weight(name="shift", shape=(int(input_shape[-1]),), initializer="zeros")
            self.built = True

        def call(self, x):
            return x * k.tanh(self.sharpness * (x * self.slope + self.shift))

        def get_config(self):
            return dict(super().get_config(), sharpness=self.sharpness)

    @mark
    class PowerLoss(keras.losses.Loss):
        def __init__(self, power=2.0, name="power_loss", **kwargs):
            super().__init__(name=name, **kwargs)
            self.power = power

        def call(self, y_true, y_pred):
            return k.mean(k.abs(y_true - y_pred) ** self.power, -1)

        def get_config(self):
            return dict(super().get_config(), power=self.power)

    @mark
    class Confidence(keras.metrics.Metric):
        def __init__(self, floor=0.0, name="confidence", **kwargs):
            super().__init__(name=name, **kwargs)
            self.floor = floor
            self.total = self.add_weight(name="total", initializer="zeros", shape=())
            self.count = self.add_weight(name="count", initializer="zeros", shape=())

        def update_state(self, y_true, y_pred, sample_weight=None):
            above = k.relu(y_pred - self.floor)
            self.total.assign_add(k.sum(above))
            self.count.assign_add(k.sum(above * 0.0 + 1.0))

        def result(self):
            return self.total / (self.count + 1e-6)

        def get_config(self):
            return dict(super().get_config(), floor=self.floor)

    @mark
    def bent(x):
        return k.softplus(x) - 0.5

    return {"Gate": Gate, "PowerLoss": PowerLoss, "Confidence": Confidence, "bent": bent}


def build(rt, objects, name):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(24, activation=objects["bent"], name="hidden")(x)
    x = objects["Gate"](sharpness=1.5, name="gate_1")(x)
    x = objects["Gate"](sharpness=0.75, name="gate_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name=name)


def compile(rt, model, objects):
    model.compile(
        optimizer=rt.keras.optimizers.Adamax(0.01, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss=objects["PowerLoss"](power=1.5, name="power"),
        metrics=[objects["Confidence"](floor=0.05, name="confident"), "categorical_accuracy"],
    )
