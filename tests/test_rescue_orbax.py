"""The reader of Keras 3's Orbax checkpoints. Orbax itself is replaced: no environment of the matrix has it."""

import json
import sys
import types

import numpy as np
import pytest
from helpers.places import SCRIPTS

sys.path.insert(0, str(SCRIPTS))

from rescue.held import Unreadable  # noqa: E402
from rescue.orbax_state import is_orbax, read_orbax  # noqa: E402

TREE = {
    "trainable_variables": {"seq": {"a": {"kernel": np.ones((2, 3), "float32")}}},
    "non_trainable_variables": {"seed_generator": {"seed_generator_state": np.array([1, 2], "uint32")}},
    "optimizer_variables": {"adam": {"iteration": 6, "seq_a_kernel_momentum": np.zeros((2, 3), "float32")}},
    "metrics_variables": {"loss": {"count": 1.0, "total": 2.0}},
}
CONFIG = {"class_name": "Sequential", "config": {"name": "seq", "layers": []}, "compile_config": {"loss": "mse"}}
PARTS = {
    "pytree": TREE,
    "model_config": {"config": json.dumps(CONFIG)},
    "assets": {"layers": {"string_lookup": {"vocabulary.txt": np.frombuffer(b"a\nb", "uint8")}}},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the steps 2, 10 and an unfinished 11, and an Orbax that knows what is in 10."""
    for step in ("2", "10", "11.orbax-checkpoint-tmp"):
        for part in PARTS:
            (tmp_path / step / part).mkdir(parents=True)
        (tmp_path / step / "_CHECKPOINT_METADATA").write_text("{}")

    def load_checkpointables(path, wanted):
        assert path == str(tmp_path / "10")
        return {name: PARTS[name] for name in wanted}

    checkpoint = types.SimpleNamespace(v1=types.SimpleNamespace(load_checkpointables=load_checkpointables))
    monkeypatch.setitem(sys.modules, "orbax", types.SimpleNamespace(checkpoint=checkpoint))
    monkeypatch.setitem(sys.modules, "orbax.checkpoint", checkpoint)
    return tmp_path


def test_the_newest_step_is_read_by_the_names_of_its_variables(folder):
    for path in (folder, folder / "10"):
        held = read_orbax(path)
        assert is_orbax(path) and held.facts == {"step": 10, "metrics": 2} and not held.ordered and not held.damage
    assert held.config["class_name"] == "Sequential" and held.compiled == {"loss": "mse"}
    assert [(w.name, w.layer) for w in held.weights] == [
        ("seed_generator/seed_generator_state", ("seed_generator",)),
        ("seq/a/kernel", ("a",)),
        (None, ()),
    ]
    assert held.weights[2].value.tolist() == ["a", "b"] and held.weights[2].path.endswith(
        "string_lookup/vocabulary.txt"
    )
    assert [v.name for v in held.optimizer] == ["adam/iteration", "adam/seq_a_kernel_momentum"]


def test_a_damaged_part_is_named_and_the_rest_is_read(folder, monkeypatch):
    monkeypatch.delitem(PARTS, "model_config")
    with pytest.raises(Unreadable, match="model_config"):
        read_orbax(folder)
    held = read_orbax(folder, damaged=True)
    assert len(held.optimizer) == 2 and [where for where, _ in held.damage] == ["model_config"]


def test_without_orbax_the_reason_is_stated(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "orbax", None)
    monkeypatch.setitem(sys.modules, "orbax.checkpoint", None)
    with pytest.raises(Unreadable, match="orbax-checkpoint reads it, and is not installed"):
        read_orbax(folder)


def test_other_folders_are_not_its(tmp_path):
    (tmp_path / "7").mkdir()
    assert not is_orbax(tmp_path) and not is_orbax(tmp_path / "missing")
    with pytest.raises(Unreadable, match="did not write it"):
        read_orbax(tmp_path)
