"""A file of which Keras makes no model: the model is built from the file's config, or refused, and rescued."""

import json
import os
import subprocess

import pytest
from helpers.places import PYTHON, SCRIPTS, needs_tensorflow
from helpers.steps import PINNED

pytestmark = needs_tensorflow

PROGRAM = """
import importlib, io, json, sys, zipfile
import h5py
import numpy as np
import keras, tf_keras
from rescue.convert import NotLoadable, load_and_rescue
from rescue.held import Held
from rescue.layers import Refused
from rescue.restore import rescue
from rescue.stated_model import stated_model

folder, answers = sys.argv[1] + "/", {}

def trained(k, layers, shape, optimizer):
    model = k.Sequential([k.Input(shape)] + layers)
    model.compile(optimizer, "mse", metrics=["mae"])
    values = np.random.RandomState(0)
    model.fit(values.rand(64, *shape), values.rand(64, 2), verbose=0, epochs=2)
    return model

def state(model):
    lists = [getattr(model.optimizer, name) for name in ("_momentums", "_velocities")]
    return [np.array(v) for v in model.weights if "seed" not in v.name] + [np.array(v) for l in lists for v in l]

def same(model, other):
    pairs = list(zip(state(model), state(other)))
    steps = int(model.optimizer.iterations) == int(other.optimizer.iterations) > 0
    return steps and len(pairs) > 6 and all(a.tobytes() == b.tobytes() for a, b in pairs)

def predictions(model, other, shape):
    x = np.random.RandomState(1).rand(3, *shape).astype("float32")
    return bool(np.allclose(model.predict(x, verbose=0), other.predict(x, verbose=0), atol=1e-5))

def kept(path, k, model, shape):
    loaded, report = load_and_rescue(folder + path, k)
    return [same(model, loaded), predictions(model, loaded, shape), report.notes[-1][:11]]

def refused(path, k):
    try:
        load_and_rescue(folder + path, k)
    except NotLoadable as error:
        return str(error)

layers = tf_keras.layers
listed = [layers.Conv1D(3, 2), layers.LeakyReLU(0.3), layers.LSTM(3), layers.Dropout(0.1), layers.Dense(2)]
model = trained(tf_keras, listed, (6, 4), tf_keras.optimizers.Adam(0.02))
for path in ("two.h5", "two.keras", "two"):
    model.save(folder + path, **({} if "." in path else {"save_format": "tf"}))
    answers["Keras 2, %s, in Keras 3" % path] = kept(path, keras, model, (6, 4))

dense = trained(tf_keras, [layers.Dense(3), layers.Dense(3), layers.Dense(2)], (4,), tf_keras.optimizers.Adam(0.02))
dense.save(folder + "posix.keras")
weights, windows = io.BytesIO(), io.BytesIO()
with zipfile.ZipFile(folder + "posix.keras") as old, zipfile.ZipFile(folder + "windows.keras", "w") as new:
    with h5py.File(io.BytesIO(old.read("model.weights.h5")), "r") as a, h5py.File(weights, "w") as b:
        for group in a:
            for name in a[group] if group == "layers" or group == "_layer_checkpoint_dependencies" else []:
                a.copy(a[group][name], b, group + "\\\\" + name)
        a.copy(a["optimizer"], b, "optimizer")
    for name in old.namelist():
        new.writestr(name, weights.getvalue() if name == "model.weights.h5" else old.read(name))
answers["Windows"] = kept("windows.keras", tf_keras, dense, (4,))

layers = keras.layers
model = trained(keras, [layers.GRU(3), layers.Dense(2)], (6, 4), keras.optimizers.Adam(0.02))
model.save(folder + "three.keras")
answers["Keras 3 in Keras 2"] = kept("three.keras", tf_keras, model, (6, 4))

layers = tf_keras.layers
model = trained(tf_keras, [layers.LSTM(2, recurrent_activation="hard_sigmoid")], (6, 4), "adam")
model.save(folder + "hard.h5")
answers["hard_sigmoid"] = refused("hard.h5", keras)
trained(tf_keras, [layers.Lambda(lambda x: x + 1), layers.LSTM(2)], (6, 4), "adam").save(folder + "lambda.h5")
answers["Lambda"] = [refused("lambda.h5", k) for k in (keras, tf_keras)]

for own in ({"special": 7}, {"special": None}):
    held = Held("x", "x")
    held.keras = "2.9.0"
    config = {"name": "dense", "units": 2, "batch_input_shape": [None, 4]}
    held.config = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": dict(config, **own)}]}
    try:
        answers[str(own)] = stated_model(held, keras).count_params()
    except Refused as error:
        answers[str(own)] = str(error)

model = tf_keras.Sequential([layers.Dense(2, input_shape=(4,))])
schedule = tf_keras.optimizers.schedules.PolynomialDecay(0.1, 50)
model.compile(tf_keras.optimizers.Adam(schedule), "mse", metrics=[lambda a, b: 0.0])
model.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
model.save(folder + "schedule.h5")
loaded, report = load_and_rescue(folder + "schedule.h5", keras)
answers["schedule"] = [float(loaded.optimizer.learning_rate) < 0.1, report.notes]
loaded.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)

dense.compile(tf_keras.optimizers.Adam(0.03), lambda a, b: tf_keras.losses.mean_squared_error(a, b))
dense.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
dense.save(folder + "loss.h5")
model = tf_keras.Sequential([tf_keras.Input((4,))] + [layers.Dense(n) for n in (3, 3, 2)])
try:
    rescue(model, folder + "loss.h5")
except Refused as error:
    answers["own loss"] = str(error)
model.compile("sgd", "mse")
rescue(model, folder + "loss.h5")
answers["compiled before"] = [same(dense, model), type(model.optimizer).__name__]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    environment = {**os.environ, **PINNED, "PYTHONPATH": str(SCRIPTS)}
    command = [str(PYTHON), "-c", PROGRAM, str(tmp_path_factory.mktemp("stated"))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize(
    "case",
    [
        "Keras 2, two.h5, in Keras 3",
        "Keras 2, two.keras, in Keras 3",
        "Keras 2, two, in Keras 3",
        "Windows",
        "Keras 3 in Keras 2",
    ],
)
def test_the_model_is_built_and_its_state_comes_back(answers, case):
    state, predictions, note = answers[case]
    assert state and predictions and note == "load_model "


def test_a_function_that_the_other_keras_computes_otherwise_is_refused(answers):
    assert "hard_sigmoid is another function" in answers["hard_sigmoid"]


def test_the_code_of_a_lambda_layer_is_never_run(answers):
    assert all("Lambda" in answer and "makes no model" in answer for answer in answers["Lambda"])


def test_an_unknown_argument_is_left_out_only_without_a_value(answers):
    assert "has no argument special" in answers["{'special': 7}"]
    assert answers["{'special': None}"] == 10


def test_a_schedule_without_a_name_and_an_own_metric(answers):
    decayed, notes = answers["schedule"]
    assert decayed and any("the metric" in note and "compiled without it" in note for note in notes)


def test_an_own_loss_is_refused_unless_the_model_is_compiled(answers):
    assert "compile the model first" in answers["own loss"]
    assert answers["compiled before"] == [True, "Adam"]
