"""Train and save, or load and rescue, in the environment: ``python rescue_program.py MODULE ROLE FOLDER [FILE]``.

MODULE is Keras (keras, tf_keras). The roles:

``save``          train two epochs, save the model, and train two more
``rescue``        load a file in a fresh process, rescue it, and train the same two
``build_rescue``  the same with a model that is built and not loaded
``not_compiled``  load a file without its compile arguments, rescue it, and train the same two
``load``          load a file without a rescue, and train the same two

Each prints the digest of the weights and the losses at its end as JSON.
"""

import hashlib
import importlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np


def data():
    values = np.random.RandomState(0)
    x = values.rand(70, 4).astype("float32")
    return x, (x.sum(1, keepdims=True) ** 2).astype("float32")


def build(keras):
    """Equal-shaped neighbours, a frozen layer, an optimizer with three slots and a schedule-free learning rate."""
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(4, "tanh", name=name) for name in ("first", "second", "third")]
    layers[1].trainable = False
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(1, name="last")])
    model.compile(keras.optimizers.Adam(0.02, beta_1=0.8, amsgrad=True), "mean_squared_error")
    return model


def train(model, first, last):
    x, y = data()
    return model.fit(x, y, batch_size=32, shuffle=False, initial_epoch=first, epochs=last, verbose=0).history["loss"]


def result(model, losses, **more):
    weights = hashlib.sha256(b"".join(np.ascontiguousarray(w).tobytes() for w in model.get_weights())).hexdigest()
    print(json.dumps({"weights": weights, "losses": losses, **more}))


def save(keras, folder):
    model = build(keras)
    train(model, 0, 2)
    model.save(folder / "whole.h5")
    model.save(folder / "whole.keras")
    if keras.__name__ == "tf_keras":
        model.save(folder / "saved_model", save_format="tf")
    result(model, train(model, 2, 4))


def rescue(keras, folder, file):
    import keras_rescue

    model, report = keras_rescue.load_and_rescue(str(folder / file), keras)
    result(model, train(model, 2, 4), restored=len(report.restored), absent=report.absent, unused=report.unused)


def build_rescue(keras, folder, file):
    import keras_rescue

    model = build(keras)
    report = keras_rescue.rescue(model, str(folder / file))
    result(model, train(model, 2, 4), restored=len(report.restored), absent=report.absent, unused=report.unused)


def not_compiled(keras, folder, file):
    import keras_rescue

    model = keras.models.load_model(str(folder / file), compile=False)
    report = keras_rescue.rescue(model, str(folder / file))
    result(model, train(model, 2, 4), restored=len(report.restored), absent=report.absent, unused=report.unused)


def load(keras, folder, file):
    """A file that needs no rescue any more."""
    model = keras.models.load_model(str(folder / file))
    variables = model.optimizer.variables
    result(model, train(model, 2, 4), optimizer=len(variables() if callable(variables) else variables))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    module, role, folder = sys.argv[1:4]
    globals()[role](importlib.import_module(module), Path(folder), *sys.argv[4:])
