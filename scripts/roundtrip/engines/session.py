"""TensorFlow 1: a graph built without Keras, run in a session.

A model's ``build(rt, inputs)`` adds the inference ops to the default graph. ``compile(rt, built)`` gets the result of
``build`` and adds the training ops. The tensors have the names that the member lists in ``NAMES``.
"""

import re

import numpy as np

from roundtrip import graph_description, training
from roundtrip.engines import base
from roundtrip.session_model import SessionModel

#: the names of an optimizer's variables that are not slots of a weight
OF_OPTIMIZER = re.compile(r"(^|/)beta\d_power(_\d+)?$")


class Engine(base.Engine):
    def start(self):
        """Disable eager execution; graph mode is the default of TensorFlow 1 but not of TensorFlow 2."""
        self.rt.v1.disable_eager_execution()

    def build(self, module, data, seed):
        v1, model = self.rt.v1, SessionModel(self.rt, module.NAMES)
        with model.graph.as_default():
            v1.set_random_seed(seed)
            with v1.variable_scope(v1.get_variable_scope(), use_resource=False):  # TensorFlow 1's default too
                module.compile(self.rt, module.build(self.rt, data.train[0]))
        model.initialize()
        for position, variable in enumerate(model.trainable_variables()):
            shape = tuple(int(d) for d in variable.get_shape())
            values = np.random.RandomState([seed, position]).normal(0.0, max(shape[0], 1) ** -0.5, shape)
            model.assign(variable, values.astype(variable.dtype.base_dtype.as_numpy_dtype))
        return model

    def fit(self, model, data, initial_epoch, epochs, callbacks=()):
        """Run the training op batch by batch; a callback's ``on_epoch_end(epoch)`` is called after each epoch."""
        measures = sorted(model.measures().items())
        names, tensors = [n for n, _ in measures], [t for _, t in measures]
        inputs, targets = data.train
        rows = []
        for epoch in range(initial_epoch, epochs):
            for begin in range(0, len(inputs), training.BATCH_SIZE):
                batch = slice(begin, begin + training.BATCH_SIZE)
                feed = model.feed(inputs[batch], targets[batch])
                rows.append([float(v) for v in model.session.run(tensors + [model.op("train")], feed)[:-1]])
            for callback in callbacks:
                callback.on_epoch_end(epoch)
        return {"names": names, "values": np.array(rows, np.float64).reshape(len(rows), len(names))}

    def predict(self, model, data):
        return training.flatten(model.session.run(model.tensor("outputs"), model.feed(data.test[0])))

    def evaluate(self, model, data):
        values = model.session.run(model.measures(), model.feed(*data.test))
        return {name: float(value) for name, value in values.items()}

    def capture(self, model):
        """Every variable, by name; for a frozen graph, the constants that replace the variables."""
        trainable = {v.op.name for v in model.trainable_variables()}
        tensors = {v.op.name: (role(v.op.name, trainable), v.value()) for v in model.variables()}
        tensors.update({op.name[len(model.prefix) :]: ("trainable", op.outputs[0]) for op in model.frozen()})
        values = model.session.run([tensor for _, tensor in tensors.values()]) if tensors else []
        return [{"name": n, "role": r, "value": np.array(x)} for (n, (r, _)), x in zip(tensors.items(), values)]

    def describe(self, model):
        return graph_description.describe(self.rt, model)


def role(name, trainable):
    """A variable's role; the name of an optimizer's slot begins with the name of its weight."""
    if name in trainable:
        return "trainable"
    slot = any(name.startswith(weight + "/") for weight in trainable)
    return "optimizer" if slot or OF_OPTIMIZER.search(name) else "non_trainable"
