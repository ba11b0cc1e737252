"""The paths of live variables are those in the file that the same Keras saved, for Keras 3 and tf_keras."""

import json
import os
import subprocess

import pytest
from helpers.places import PYTHON, SCRIPTS, needs_tensorflow

pytestmark = needs_tensorflow

PROGRAM = """
import importlib, json, sys
import numpy as np
keras = importlib.import_module(sys.argv[1])
from rescue.archive import read_archive
from rescue.structure import structural_objects, structural_paths
layers = keras.layers

class Block(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps = [layers.Dense(4), layers.Dense(4, use_bias=False)]
        self.by_name = {"norm": layers.LayerNormalization()}
        self.again = self.steps[1]
    def build(self, shape):
        for step in self.steps:
            step.build(shape)
        self.by_name["norm"].build(shape)
        self.scale = self.add_weight(name="scale", shape=(4,))
    def call(self, x):
        for step in self.steps:
            x = step(x)
        return self.by_name["norm"](x) * self.scale

class Subclassed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.zeta, self.alpha, self._hidden = layers.Dense(4), Block(), layers.Dense(2)
    def call(self, x):
        return self._hidden(self.alpha(self.zeta(x)))

def functional():
    x = keras.Input((5, 4))
    inner = keras.Sequential([keras.Input((5, 4)), layers.Dense(4), layers.Dense(4)], name="inner")
    y = layers.Bidirectional(layers.GRU(2, return_sequences=True))(inner(layers.Dense(4)(x)))
    y = layers.TimeDistributed(layers.Dense(3))(layers.BatchNormalization()(Block()(y)))
    y = layers.MultiHeadAttention(2, 2)(y, y)
    return keras.Model(x, layers.Dense(2)(layers.GlobalMaxPooling1D()(y)))

def fitted(model, shape):
    optimizer = keras.optimizers.Adam()
    if model.name == "scaled":
        optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer)
    model.compile(optimizer, "mse", metrics=["mae"])
    rng = np.random.default_rng(0)
    model.fit(rng.normal(size=(8,) + shape), rng.normal(size=(8, 2)), verbose=0)
    return model

scaled = keras.Sequential([keras.Input((4,)), layers.Dense(2)], name="scaled")
result = {}
models = {"functional": (functional(), (5, 4)), "subclassed": (Subclassed(), (4,)), "scaled": (scaled, (4,))}
for name, (model, shape) in models.items():
    fitted(model, shape).save(name + ".keras")
    held = read_archive(name + ".keras")
    file = {v.path: v.value for v in held.weights + held.optimizer + held.inner}
    live = {path: v for path, v in structural_paths(model).items() if not path.startswith("metrics/")}
    differ = [p for p in file if p in live and np.asarray(live[p]).tobytes() != file[p].tobytes()]
    result[name] = {"file": sorted(file), "live": sorted(live), "differ": differ, "inner": len(held.inner)}
    result[name].update(ordered=held.ordered, layers=[list(w.layer) for w in held.weights])
    result[name]["names"] = sorted(l.name for l in model.layers)
    objects = structural_objects(model)
    result[name]["objects"] = all(p.rpartition("vars/")[0].strip("/") in objects for p in file)
print("RESULT", json.dumps(result))
"""


@pytest.fixture(scope="module", params=["keras", "tf_keras"])
def result(request, tmp_path_factory):
    variables = os.environ | {"PYTHONPATH": str(SCRIPTS), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [PYTHON, "-c", PROGRAM, request.param]
    done = subprocess.run(
        command, cwd=tmp_path_factory.mktemp("models"), env=variables, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.split("RESULT")[1])


@pytest.mark.parametrize("name", ["functional", "subclassed", "scaled"])
def test_every_path_in_the_file_is_that_of_the_live_variable(result, name):
    one = result[name]
    assert one["file"] == one["live"] and one["differ"] == [] and one["objects"]
    assert len(one["file"]) > {"functional": 60, "subclassed": 20, "scaled": 5}[name]


def test_the_reader_names_each_weights_layer(result):
    one = result["functional"]
    assert one["ordered"] and {names[0] for names in one["layers"]} <= set(one["names"])
    assert not result["subclassed"]["ordered"] and result["scaled"]["inner"] > 0
