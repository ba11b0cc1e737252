"""Build, fit, evaluate and predict: the functions that the reference and the observed run share."""

import numpy as np

from roundtrip import state

BATCH_SIZE = 32
COUNTERS = ("batch", "size")  # graph mode adds them to the logs of each batch


class Data(object):
    """The training and test arrays of one model, from the dataset's ``.npz``.

    ``train`` and ``test`` are (inputs, targets); inputs and targets may be arrays, lists, tuples or dicts.
    """

    batch_size = BATCH_SIZE

    def __init__(self, path, module):
        with np.load(path) as dataset:
            self.train = module.data(dataset["x_train"][: module.SAMPLES], dataset["y_train"][: module.SAMPLES])
            self.test = module.data(dataset["x_test"][:64], dataset["y_test"][:64])
        self.batches = -(-module.SAMPLES // BATCH_SIZE)


def build(rt, module, data, seed, assign=None):
    """Build the model from its code, randomise its weights from ``seed``, and compile it.

    A user's model (roundtrip.subject) says what precedes a build, and how its weights are changed.
    """
    getattr(module, "fresh", lambda rt: None)(rt)
    rt.seed(seed)
    model = called(module.build(rt, data.train[0]), data.train[0])
    getattr(module, "randomise", state.randomise)(rt, model, seed, assign)
    module.compile(rt, model)
    return model


def called(model, inputs):
    """The model with its weights, which a subclassed one creates when it is first called."""
    if not model.built or not model.weights:
        try:
            model(first(inputs, 2))
        except NotImplementedError:  # a model with a train_step of its own need not have a call
            if not model.weights:
                raise
    return model


def tensors(inputs):
    """Inputs whose strings are tensors: Keras 3 takes no strings of NumPy.

    https://github.com/keras-team/keras/blob/v3.15.1/keras/src/trainers/data_adapters/array_slicing.py
    """
    if isinstance(inputs, dict):
        return {k: tensors(v) for k, v in inputs.items()}
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(tensors(v) for v in inputs)
    if getattr(getattr(inputs, "dtype", None), "kind", None) != "O":
        return inputs
    import tensorflow as tf

    return tf.constant(inputs)


def first(inputs, count):
    """The first ``count`` samples of inputs with any structure; None of no targets."""
    if inputs is None:
        return None
    if isinstance(inputs, dict):
        return {k: first(v, count) for k, v in inputs.items()}
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(first(v, count) for v in inputs)
    return inputs[:count]


def fit(rt, model, data, initial_epoch, epochs, callbacks=()):
    """Fit on the train data in fixed order.

    Returns {"names": names of the logs, "values": float64 array (batches, names)}: the logs of each batch, which
    include the loss (Keras reports its running mean since the beginning of the epoch).
    """
    rows = []

    class Recorder(rt.keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            rows.append(numbers({k: v for k, v in (logs or {}).items() if k not in COUNTERS}))

    inputs, targets = data.train
    model.fit(
        inputs,
        targets,
        batch_size=data.batch_size,
        initial_epoch=initial_epoch,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks) + [Recorder()],
    )
    names = sorted(set().union(*rows)) if rows else []
    return {"names": names, "values": np.array([[row.get(n, np.nan) for n in names] for row in rows], np.float64)}


def predict(model, data):
    """The model's outputs for the test inputs: (structure, list of arrays)."""
    return flatten(model.predict(data.test[0], batch_size=data.batch_size, verbose=0))


def evaluate(rt, model, data):
    """{metric name: value} on the test data.

    ``return_dict`` exists since TensorFlow 2.2, but not in graph mode. Without it ``evaluate`` returns a list, or only
    the loss if there is no metric:
    https://www.tensorflow.org/versions/r2.2/api_docs/python/tf/keras/Model#evaluate
    """
    inputs, targets = data.test
    by_name = rt.api != "keras2_graph" and rt.version >= (2, 2)
    named = {"return_dict": True} if by_name else {}
    values = model.evaluate(inputs, targets, batch_size=data.batch_size, verbose=0, **named)
    if not by_name:
        values = dict(zip(model.metrics_names, values if isinstance(values, (list, tuple)) else [values]))
    return numbers(values)


def numbers(values):
    """{name: float} of a metric's values; one that gives an array (a score for each class) gets a name for each."""
    found = {}
    for name, value in values.items():
        parts = np.asarray(value, np.float64).ravel()
        names = [name] if len(parts) == 1 else ["%s[%d]" % (name, n) for n in range(len(parts))]
        found.update(zip(names, map(float, parts)))
    return found


def flatten(outputs):
    """(container structure, leaves in order); the structure of ``{"a": x, "b": [y]}`` is ``{"a": 0, "b": [1]}``."""
    leaves = []

    def walk(value):
        if isinstance(value, dict):
            return {"dict": {k: walk(value[k]) for k in sorted(value)}}
        if isinstance(value, (list, tuple)):
            return {type(value).__name__: [walk(v) for v in value]}
        leaves.append(state.to_numpy(value))
        return len(leaves) - 1

    return walk(outputs), leaves
