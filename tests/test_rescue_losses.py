"""The losses and metrics that a file states, with stand-ins for the modules of Keras."""

import types

import pytest

from rescue.held import Held
from rescue.layers import Refused
from rescue.losses import compile_arguments


def get(name):
    if name not in ("mse", "mae"):
        raise ValueError(name)
    return name.upper


KERAS = types.SimpleNamespace(
    __name__="keras",
    __version__="3.15.1",
    losses=types.SimpleNamespace(__name__="losses", get=get),
    metrics=types.SimpleNamespace(__name__="metrics", get=get),
)


def arguments(loss, metrics, config=None, objects=None):
    held, notes = Held("old.h5", "HDF5"), []
    held.compiled, held.config = {"loss": loss, "metrics": metrics}, config
    return compile_arguments(held, KERAS, objects, notes), notes


def test_a_sequential_model_before_2_3_has_a_list_for_its_config():
    config = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "dense_1"}}]}
    assert arguments("mse", ["accuracy", "mae"], config) == ({"loss": "mse", "metrics": ["accuracy", "mae"]}, [])


def test_a_metric_that_keras_does_not_have_is_left_out_and_told():
    made, notes = arguments("mse", ["mae", "f1", {"class_name": "precision", "config": {"name": "precise"}}])
    assert made["metrics"] == ["mae"] and len(notes) == 2
    assert "'f1'" in notes[0] and "'precise'" in notes[1]


def test_a_metric_in_custom_objects_is_used():
    made, notes = arguments("mse", [["mae"], ["f1"]], objects={"f1": len})
    assert made["metrics"] == [["mae"], [len]] and not notes


def test_a_loss_that_keras_does_not_have_is_refused():
    with pytest.raises(Refused, match="'own'"):
        arguments("own", [])
    assert arguments("own", [], objects={"own": len})[0]["loss"] is len
