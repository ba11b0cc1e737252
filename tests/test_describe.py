"""Describing real models: each argument that is changed must show, in every eager api.

Runs inside the environment tf2.21; skips where it is not built.
"""

import json
from types import SimpleNamespace

import pytest
from helpers.places import SCRIPTS, needs_tensorflow
from helpers.steps import RUNTIMES, python

from roundtrip import describe

PROGRAM = """
import json, sys
from roundtrip import describe, runtime
rt = runtime.open_runtime(sys.argv[2].rpartition("-")[2], sys.argv[4])
k = rt.keras
rt.seed(1)

def model(units=4, activation="relu", trainable=True):
    inputs = k.layers.Input((3,), name="x")
    hidden = k.layers.Dense(units, activation=activation, trainable=trainable, name="hidden")(inputs)
    outputs = {n: k.layers.Dense(1, name=n)(hidden) for n in ("a", "b")}
    return k.Model(inputs, outputs, name="net")

def compiled(m=None, **changed):
    m = m or model()
    given = dict(
        optimizer=k.optimizers.Adam(0.01, beta_1=0.8, name="o"),
        loss={"a": k.losses.BinaryCrossentropy(label_smoothing=0.1, name="h"), "b": "mse"},
        loss_weights={"a": 0.7, "b": 1.9},
        metrics={"a": [k.metrics.BinaryAccuracy(threshold=0.4, name="m")], "b": ["mae"]},
        steps_per_execution=2,
    )
    m.compile(**dict(given, **changed))
    return describe.describe(rt, m)

found = {
    "same": compiled(),
    "loss argument": compiled(loss={"a": k.losses.BinaryCrossentropy(label_smoothing=0.2, name="h"), "b": "mse"}),
    "loss": compiled(loss={"a": k.losses.BinaryCrossentropy(label_smoothing=0.1, name="h"), "b": "mae"}),
    "loss weight": compiled(loss_weights={"a": 0.7, "b": 1.0}),
    "metric argument": compiled(metrics={"a": [k.metrics.BinaryAccuracy(threshold=0.5, name="m")], "b": ["mae"]}),
    "metric dropped": compiled(metrics={"a": [k.metrics.BinaryAccuracy(threshold=0.4, name="m")]}),
    "steps per execution": compiled(steps_per_execution=1),
    "optimizer argument": compiled(optimizer=k.optimizers.Adam(0.01, beta_1=0.9, name="o")),
    "learning rate": compiled(optimizer=k.optimizers.Adam(0.02, beta_1=0.8, name="o")),
    "optimizer": compiled(optimizer=k.optimizers.RMSprop(0.01)),
    "units": compiled(model(units=5)),
    "activation": compiled(model(activation="tanh")),
    "trainable": compiled(model(trainable=False)),
}
print("RESULT" + json.dumps({"reference": compiled(), **found}))
"""

FACET = {
    "loss argument": "compile_config",
    "loss": "compile_config",
    "loss weight": "compile_config",
    "metric argument": "compile_config",
    "metric dropped": "compile_config",
    "steps per execution": "compile_config",
    "optimizer argument": "optimizer_config",
    "learning rate": "optimizer_config",
    "optimizer": "optimizer_config",
    "units": "architecture",
    "activation": "architecture",
    "trainable": "architecture",
}


@pytest.fixture(scope="module", params=["tf2.21-keras3", "tf2.21-keras2"])
def described(request):
    options, variables = RUNTIMES[request.param]
    return json.loads(python("-c", PROGRAM, *options, PYTHONPATH=str(SCRIPTS), **variables).split("RESULT")[1])


@needs_tensorflow
def test_the_same_model_twice_is_described_alike(described):
    assert described["same"] == described["reference"]


@needs_tensorflow
@pytest.mark.parametrize("change", FACET)
def test_each_change_shows_in_its_facet_and_in_no_other(described, change):
    differing = {f for f in described["reference"] if described[change][f] != described["reference"][f]}
    assert differing == {FACET[change]}


class FakeMetric:
    name = "top2"

    def get_config(self):
        return {"name": "top2", "k": 2}


class FakeSteps:
    """The variable in which Keras before 2.11 holds steps_per_execution."""

    def __init__(self, value):
        self.value = value

    def assign(self, value):
        self.value = value

    def numpy(self):
        return self.value


@pytest.mark.parametrize(
    "where",
    [
        lambda given: {"compiled_metrics": SimpleNamespace(_user_metrics=given, _user_weighted_metrics=None)},
        lambda given: {"_compile_metrics": given, "_compile_weighted_metrics": None},
    ],
    ids=["eager, 2.2 to 2.10", "graph mode and TensorFlow 1"],
)
def test_what_models_without_get_compile_config_hold_is_described(where):
    runtime = SimpleNamespace(api="keras2", keras=None)
    held = {"optimizer": object(), "loss": None, "_steps_per_execution": FakeSteps(3), "_jit_compile": True}

    found = describe.compile_config(runtime, SimpleNamespace(**held, **where(["mae", FakeMetric()])))
    assert found["metrics"] == [{"name": "mae", "config": None}, {"name": "top2", "config": {"name": "top2", "k": 2}}]
    assert found["options"] == {"steps_per_execution": 3, "jit_compile": True}

    held["_steps_per_execution"] = FakeSteps(1)
    assert describe.compile_config(runtime, SimpleNamespace(**held, **where([])))["options"] == {"jit_compile": True}
