"""A TensorFlow 1 graph, trained in a session: is the sum of ten integers from 0 to 9 above 45?

The graph learns to estimate by how much the sum exceeds the threshold, and its prediction is a boolean. A boolean
hides a slightly wrong weight, so the weights are compared one by one. Two kernels have the same shape, so that a
swap becomes visible.
"""

import numpy as np

TITLE = "ten integers, is their sum above 45? TensorFlow 1"
APIS = {"tf1": ""}
TRAITS = ("graph",)
OPTIMIZER = "Adam"

NAMES = {
    "inputs": "Placeholder/inputs_placeholder:0",
    "targets": "Placeholder/labels_placeholder:0",
    "outputs": "Accuracy/predictions:0",
    "loss": "Loss/loss:0",
    "metrics": {"accuracy": "Accuracy/accuracy:0"},
    "train": "Train/step",
}

#: what the document prints: rows and answers
EXAMPLES = (
    ([list(range(10))], [[False]]),
    ([list(range(10)), [5] * 10], [[False], [True]]),
)


def data(images, labels):
    """Ten integers from each image: ten blocks of its pixels, summed, modulo ten."""
    blocks = images.reshape(len(images), -1)[:, :780].reshape(len(images), 10, 78)
    integers = (blocks.astype("int64") * (np.arange(78) + 1)).sum(2) % 10
    return integers.astype("float32"), ((integers.sum(1, keepdims=True) - 45.5) / 10).astype("float32")


def build(rt, inputs):
    v1 = rt.v1
    with v1.name_scope("Placeholder"):
        x = v1.placeholder(v1.float32, (None, 10), name="inputs_placeholder")
    centred = v1.multiply(x - 4.5, 0.3, name="centred")
    hidden = dense(v1, centred, "hidden", 10)
    mixed = dense(v1, hidden, "mixed", 10)
    excess = v1.add(dense(v1, mixed, "estimate", 1), dense(v1, centred, "direct", 1), name="excess")
    with v1.name_scope("Accuracy"):
        v1.greater(excess, 0.0, name="predictions")
    return excess


def dense(v1, x, name, units):
    with v1.variable_scope(name):
        kernel = v1.get_variable("kernel", (x.get_shape()[-1], units), initializer=v1.zeros_initializer())
        bias = v1.get_variable("bias", (units,), initializer=v1.zeros_initializer())
        return v1.nn.bias_add(v1.matmul(x, kernel), bias)


def compile(rt, excess):
    v1 = rt.v1  # a slash at its end opens a scope again, instead of one called Accuracy_1
    with v1.name_scope("Placeholder/"):
        labels = v1.placeholder(v1.float32, (None, 1), name="labels_placeholder")
    with v1.name_scope("Accuracy/"):
        right = v1.equal(v1.greater(excess, 0.0), v1.greater(labels, 0.0))
        v1.reduce_mean(v1.cast(right, v1.float32), name="accuracy")
    with v1.name_scope("Loss"):
        loss = v1.reduce_mean(v1.squared_difference(excess, labels), name="loss")
    step = v1.train.get_or_create_global_step()
    with v1.name_scope("Train"):
        optimizer = v1.train.AdamOptimizer(0.04, beta1=0.8, beta2=0.98, epsilon=1e-6)
        optimizer.minimize(loss, global_step=step, name="step")
