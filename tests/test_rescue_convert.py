"""How rescue has Keras load a file, and in which words it passes on what the file states of compile."""

import types

import pytest
from helpers import old_files
from helpers.live_models import Dense, Model

from rescue import compiled, convert, losses


@pytest.mark.parametrize(
    ("version", "stated", "compiles"),
    [
        ("3.15.1", {"loss": "mse"}, [True]),
        ("2.10.0", {"loss": "mse"}, [False]),
        ("2.10.0", None, [True]),  # there is nothing that rescue could compile with
    ],
)
def test_the_compile_arguments_of_another_major_version_are_not_left_to_keras(
    tmp_path, monkeypatch, version, stated, compiles
):
    """Keras 3 takes the name of a metric of Keras 2 for its function, and raises when it is trained."""
    asked = []
    load = types.SimpleNamespace(load_model=lambda path, **given: asked.append(given.get("compile", True)))
    keras = types.SimpleNamespace(__name__="keras", __version__="3.15.1", models=load)
    monkeypatch.setattr(convert, "rescue", lambda model, path, **given: types.SimpleNamespace(notes=[]))
    layers, optimizer = old_files.of(Model(Dense("first")))
    convert.load_and_rescue(old_files.write(tmp_path / "old.h5", layers, optimizer, stated, version), keras)
    assert asked == compiles


def test_a_schedule_that_has_no_name_gets_none():
    """Keras 2 states it as None, and Keras 3 refuses that at the first step."""
    given = []
    schedules = types.SimpleNamespace(deserialize=lambda config, custom_objects: given.append(config))
    keras = types.SimpleNamespace(optimizers=types.SimpleNamespace(schedules=schedules))
    rate = {"class_name": "ExponentialDecay", "config": {"initial_learning_rate": 0.1, "name": None}}
    compiled._rate({"learning_rate": rate}, "SGD", keras, None, [])
    assert given == [{"class_name": "ExponentialDecay", "config": {"initial_learning_rate": 0.1}}]


def test_numbers_are_those_of_the_code_not_their_float32():
    """1 - beta_1 is computed before it is rounded, so the two differ in training."""
    assert compiled.as_written(0.8500000238418579) == 0.85
    assert [compiled.as_written(value) for value in (0.1, 0.5, 3, None, True)] == [0.1, 0.5, 3, None, True]


def stated_metric(name, outputs):
    """A metric of Keras 2, as Keras 3 gets it: (name, function)."""
    made = types.SimpleNamespace(
        __name__="keras",
        __version__="3.15.1",
        losses=None,
        metrics=types.SimpleNamespace(accuracy=max, get=None),
    )
    made.metrics.MeanMetricWrapper = lambda fn, name: (name, fn)
    leaf = {"class_name": "MeanMetricWrapper", "config": {"name": name, "fn": "accuracy"}}
    held = types.SimpleNamespace(
        compiled={"loss": None, "metrics": [leaf]}, config={"config": {"output_layers": [[o, 0, 0] for o in outputs]}}
    )
    return losses.compile_arguments(held, made, None, [])["metrics"]


def test_a_metrics_function_is_taken_not_a_metric_that_counts_by_itself():
    assert stated_metric("accuracy", ["digit"]) == [("accuracy", max)]


def test_a_metrics_name_loses_the_output_that_keras_3_puts_before_it_again():
    assert stated_metric("odd_accuracy", ["which", "odd"]) == [("accuracy", max)]
    assert stated_metric("odd_accuracy", ["odd"]) == [("odd_accuracy", max)], "of one output, it is the user's"


def test_tf_keras_that_states_no_version_is_keras_2(tmp_path, monkeypatch):
    asked = []
    load = types.SimpleNamespace(load_model=lambda path, **given: asked.append(given.get("compile", True)))
    monkeypatch.setattr(convert, "rescue", lambda model, path, **given: types.SimpleNamespace(notes=[]))
    layers, optimizer = old_files.of(Model(Dense("first")))
    path = old_files.write(tmp_path / "old.h5", layers, optimizer, {"loss": "mse"}, "2.15.0")
    convert.load_and_rescue(path, types.SimpleNamespace(__name__="tensorflow.keras", models=load))
    assert asked == [True]
