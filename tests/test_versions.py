"""Old versions: the code for them, tested on stand-ins for their TensorFlow; and config/versions.yaml."""

import sys
import types

import numpy as np
import pytest
from helpers.places import ROOT
from helpers.runtimes import environments

from host import schemas
from host.select import configuration, matrix, runtimes
from roundtrip import layer_names, record, runtime, state, training

ENVIRONMENTS = environments("tf*.yaml")


def test_versions_yaml_asks_every_tensorflow():
    known = runtimes.known(ENVIRONMENTS)
    selected = schemas.load_yaml(ROOT / "config/versions.yaml")
    cells, _ = matrix.expand(configuration.resolve(selected, known), known)
    assert {known[c.producer].environment for c in cells} == set(ENVIRONMENTS)


def test_a_keras_in_tensorflow_has_tensorflows_version(monkeypatch):
    keras = types.SimpleNamespace(__version__="2.2.4-tf")
    tensorflow = types.SimpleNamespace(__version__="1.14.0", keras=keras)
    for name, module in (("tensorflow", tensorflow), ("tensorflow.keras", keras), ("keras", keras)):
        monkeypatch.setitem(sys.modules, name, module)
    assert runtime.Runtime("keras2", "tensorflow.keras").version == (1, 14, 0)
    assert runtime.Runtime("keras2", "keras").version == (2, 2, 4)


class Evaluated:
    metrics_names = ("loss", "mae")

    def evaluate(self, inputs, targets, return_dict=False, **options):
        return {"loss": 1, "mae": 2} if return_dict else self.listed


@pytest.mark.parametrize(
    ("api", "version", "listed", "found"),
    [
        ("keras2", (2, 4, 4), None, {"loss": 1.0, "mae": 2.0}),
        ("keras2", (1, 15, 5), [3, 4], {"loss": 3.0, "mae": 4.0}),
        ("keras2_graph", (2, 15, 1), [3, 4], {"loss": 3.0, "mae": 4.0}),
        ("keras2_graph", (1, 13, 2), 3, {"loss": 3.0}),
    ],
)
def test_evaluation_by_name_with_and_without_return_dict(api, version, listed, found):
    model, data = Evaluated(), types.SimpleNamespace(test=(0, 0), batch_size=32)
    model.listed = listed
    assert training.evaluate(types.SimpleNamespace(api=api, version=version), model, data) == found


def test_numbers_as_float32_at_any_depth_and_nothing_else():
    given = {"learning_rate": 0.1, "inner": [{"rho": 0.2}], "decay": 0.0, "steps": 3, "name": "a", "amsgrad": True}
    found = record.as_float32(given)
    assert (found["learning_rate"], found["inner"][0]["rho"]) == (float(np.float32(0.1)), float(np.float32(0.2)))
    assert (found["steps"], found["name"], found["amsgrad"], found["decay"]) == (3, "a", True, 0.0)
    assert record.as_float32({"x": 0.1}) != record.as_float32({"x": 0.1001})


def variable(name):
    return types.SimpleNamespace(name=name + ":0", shape=(1,))


def test_optimizers_of_1_13_list_weights_without_their_counter():
    counter, slot = variable("iterations"), variable("slot")
    optimizer = types.SimpleNamespace(weights=[slot], iterations=counter)
    assert state.optimizer_variables(types.SimpleNamespace(optimizer=optimizer)) == [counter, slot]
    optimizer.weights = [counter, slot]
    assert state.optimizer_variables(types.SimpleNamespace(optimizer=optimizer)) == [counter, slot]


def test_numbered_names_do_not_tell_equal_models_apart():
    def model(*numbers):
        layers = [
            types.SimpleNamespace(name=name, weights=[variable(f"{graph}/kernel")])
            for name, graph in zip(("first", "second"), numbers, strict=True)
        ]
        return types.SimpleNamespace(layers=layers)

    def names(*numbers):
        captured = [{"name": f"{n}/kernel", "role": "trainable"} for n in numbers]
        captured += [{"name": f"Adam/{n}/kernel/m", "role": "optimizer"} for n in numbers]
        return [e["name"] for e in layer_names.named(model(*numbers), captured)]

    assert names("same", "same_1") == names("same_2", "same_1")
    assert names("same", "same_1") == ["first/kernel", "second/kernel", "first/kernel/m", "second/kernel/m"]
