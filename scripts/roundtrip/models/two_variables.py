"""Two variables, w1 of two values and w2 of five: the smallest graph of which a Saver can save a part.

The graph computes a linear estimate. Its optimizer (centred RMSprop with momentum) keeps three slots for each
variable.
"""

from roundtrip.models import features

TITLE = "two variables, w1 and w2, TensorFlow 1"
APIS = {"tf1": ""}
TRAITS = ("graph",)
OPTIMIZER = "RMSProp"

NAMES = {
    "inputs": "measurements:0",
    "targets": "digit:0",
    "outputs": "estimate:0",
    "loss": "loss:0",
    "metrics": {"mean_absolute_error": "mean_absolute_error:0"},
    "train": "train",
}


def data(images, labels):
    return features(images)[:, 10:17], labels.reshape(-1, 1).astype("float32") / 9.0


def build(rt, inputs, devices=("", "")):
    v1 = rt.v1
    x = v1.placeholder(v1.float32, (None, 7), name="measurements")
    with v1.device(devices[0]):
        w1 = v1.get_variable("w1", initializer=v1.random_normal((2,)))
    with v1.device(devices[1]):
        w2 = v1.get_variable("w2", initializer=v1.random_normal((5,)))
    first = v1.reduce_sum(x[:, :2] * w1, 1, keepdims=True)
    return v1.add(first, v1.reduce_sum(x[:, 2:] * w2, 1, keepdims=True), name="estimate")


def compile(rt, estimate):
    v1 = rt.v1
    target = v1.placeholder(v1.float32, (None, 1), name="digit")
    v1.reduce_mean(v1.abs(estimate - target), name="mean_absolute_error")
    loss = v1.reduce_mean(v1.squared_difference(estimate, target), name="loss")
    step = v1.train.get_or_create_global_step()
    optimizer = v1.train.RMSPropOptimizer(0.01, decay=0.85, momentum=0.7, epsilon=1e-5, centered=True)
    optimizer.minimize(loss, global_step=step, name="train")
