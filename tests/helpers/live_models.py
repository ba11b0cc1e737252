"""Models, optimizers and variables that look like those of Keras 3, without Keras."""

import numpy as np


class Variable:
    """A variable with a path, as in Keras 3."""

    def __init__(self, path, value):
        self.path, self.value = path, np.asarray(value)

    shape = property(lambda self: self.value.shape)

    def numpy(self):
        return self.value.copy()

    def assign(self, value):
        assert np.shape(value) == self.value.shape
        self.value = np.array(value, self.value.dtype)


class Dense:
    """A layer with a kernel and a bias."""

    def __init__(self, name, shape=(3, 3), seed=0):
        values, self.name, self.trainable = np.random.default_rng(seed), name, True
        self.kernel = Variable(f"{name}/kernel", values.normal(size=shape).astype("float32"))
        self.bias = Variable(f"{name}/bias", values.normal(size=shape[1]).astype("float32"))

    weights = trainable_weights = variables = property(lambda self: [self.kernel, self.bias])
    non_trainable_weights = ()


class Adam:
    """An optimizer with two slots, whose variables exist."""

    built = True

    def __init__(self, weights, name="adam"):
        self._trainable_variables = list(weights)
        self._iterations = Variable(f"{name}/iteration", np.int64(0))
        self._learning_rate = Variable(f"{name}/learning_rate", np.float32(0.001))
        self._momentums, self._velocities = (
            [Variable(f"{name}/{w.path.replace('/', '_')}_{slot}", np.zeros(w.shape, "float32")) for w in weights]
            for slot in ("momentum", "velocity")
        )

    def build(self, weights):
        raise AssertionError("it is built")

    @property
    def variables(self):
        pairs = zip(self._momentums, self._velocities, strict=True)
        return [self._iterations, self._learning_rate, *(v for pair in pairs for v in pair)]

    def get_config(self):
        return {"name": "adam", "learning_rate": 0.001}


class Model:
    """A model of such layers, compiled with such an optimizer."""

    name = "model"

    def __init__(self, *layers):
        self.layers = list(layers)
        self.optimizer = Adam(self.trainable_weights)

    weights = trainable_weights = property(lambda self: [v for layer in self.layers for v in layer.weights])
    non_trainable_weights = ()
