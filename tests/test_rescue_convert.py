"""How rescue has Keras load a file, and in which words it passes on what the file states of compile."""

import types

import pytest
from helpers import old_files
from helpers.live_models import Dense, Model

from rescue import compiled, convert


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
    monkeypatch.setattr(convert, "rescue", lambda model, path, **given: None)
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
