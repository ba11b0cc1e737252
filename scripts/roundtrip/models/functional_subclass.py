"""A functional model in a registered subclass of Model that has its own train_step.

If a loader returns a plain functional model instead of the subclass, the predictions are right and training runs
another step.
"""

from roundtrip.models import once_per_keras, pixels

TITLE = "functional model in a subclass, own train_step"
APIS = {"keras3": "", "keras2": ">=2.12"}
BACKENDS = ("tensorflow",)
TRAITS = ("functional", "custom_registered", "custom_train_step")
OPTIMIZER = "SGD (momentum)"


def data(images, labels):
    return pixels(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    layers, tf = rt.keras.layers, rt.tf

    @rt.register()
    class Damped(rt.keras.Model):
        def __init__(self, damping=1.0, units=4, name=None, **kwargs):
            x = image = layers.Input((784,), name="pixels")
            x = layers.Dense(units, activation="tanh", name="hidden_1")(x)
            x = layers.Dense(units, activation="tanh", name="hidden_2")(x)
            x = layers.Dense(10, activation="softmax", name="digit")(x)
            super().__init__(inputs=image, outputs=x, name=name, **kwargs)
            self.damping, self.units = damping, units

        def train_step(self, batch):
            x, y = batch
            with tf.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients([(g * self.damping, w) for g, w in zip(gradients, self.trainable_weights)])
            return dict(self.compute_metrics(x, y, y_pred, None), loss=loss, damped=loss * self.damping)

        def get_config(self):
            return {"damping": self.damping, "units": self.units, "name": self.name}

        @classmethod
        def from_config(cls, config, custom_objects=None):
            return cls(**config)

    return {"Damped": Damped}


def build(rt, inputs):
    return custom_objects(rt)["Damped"](0.6, 20, name="functional_subclass")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.SGD(0.2, momentum=0.8),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
