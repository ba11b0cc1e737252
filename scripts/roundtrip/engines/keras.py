"""The base class of the two Keras engines: Keras' own fit, predict and evaluate."""

from roundtrip import describe, state, training
from roundtrip.engines import base


class KerasEngine(base.Engine):
    def build(self, module, data, seed):
        return training.build(self.rt, module, data, seed)

    def fit(self, model, data, initial_epoch, epochs, callbacks=()):
        return training.fit(self.rt, model, data, initial_epoch, epochs, callbacks)

    def predict(self, model, data):
        return training.predict(model, data)

    def evaluate(self, model, data):
        return training.evaluate(self.rt, model, data)

    def capture(self, model):
        return state.capture(self.rt, model)

    def describe(self, model):
        return describe.describe(self.rt, model)
