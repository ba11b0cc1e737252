"""Train and run a graph of TensorFlow 1 in a session."""

import numpy as np

from roundtrip.engines.session import role
from roundtrip.session_model import SessionModel
from roundtrip.training import BATCH_SIZE


def new_model(ctx):
    """Build the graph, and give every variable a value of its own, for its initializers are zeros."""
    model = SessionModel(ctx.rt, ctx.module.NAMES)
    with model.graph.as_default():
        ctx.rt.v1.set_random_seed(ctx.seed)
        with ctx.rt.v1.variable_scope(ctx.rt.v1.get_variable_scope(), use_resource=False):
            ctx.module.compile(ctx.rt, ctx.module.build(ctx.rt, ctx.data.train[0]))
    model.initialize()
    for variable in model.trainable_variables():
        model.assign(variable, np.random.normal(0.0, 0.3, variable.get_shape().as_list()))
    return model


def fit(ctx, model, initial_epoch, epochs, callbacks=()):
    """Run the training op batch by batch; the loss of each batch."""
    inputs, targets = ctx.data.train
    history = {"loss": []}
    for epoch in range(initial_epoch, epochs):
        for begin in range(0, len(inputs), BATCH_SIZE):
            feed = model.feed(inputs[begin : begin + BATCH_SIZE], targets[begin : begin + BATCH_SIZE])
            history["loss"].append(float(model.session.run([model.tensor("loss"), model.op("train")], feed)[0]))
        for callback in callbacks:
            callback.on_epoch_end(epoch)
    return history


def predict(ctx, model):
    return model.session.run(model.tensor("outputs"), model.feed(ctx.data.test[0]))


def evaluate(ctx, model):
    values = model.session.run(model.measures(), model.feed(*ctx.data.test))
    return {name: float(value) for name, value in values.items()}


def values(ctx, model, wanted):
    """[name, dtype, values] of each variable of a role; of a frozen graph, of the constants that replace variables."""
    trainable = {v.op.name for v in model.trainable_variables()}
    tensors = {v.op.name: v.value() for v in model.variables() if role(v.op.name, trainable) == wanted}
    if wanted == "trainable":
        tensors.update({op.name[len(model.prefix) :]: op.outputs[0] for op in model.frozen()})
    found = model.session.run(tensors) if tensors else {}
    return [[name, found[name].dtype.name, found[name].tolist()] for name in sorted(found)]
