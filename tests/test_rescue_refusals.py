"""What rescue refuses: each test plants one fault in a file that fits, and nothing of the model may change."""

import json

import h5py
import numpy as np
import pytest
from helpers import old_files
from helpers.live_models import Dense, Model

from rescue import restore
from rescue.held import Unreadable
from rescue.layers import Refused


@pytest.fixture(autouse=True)
def no_keras(monkeypatch):
    monkeypatch.setattr(restore, "keras_of", lambda model: None)


def model(*names, shape=(3, 3)):
    return Model(*[Dense(name, shape, seed) for seed, name in enumerate(names)])


def values(of):
    return [v.value.tobytes() for v in [*of.weights, *of.optimizer.variables]]


def refused(tmp_path, layers, optimizer, into, words):
    path, before = old_files.write(tmp_path / "old.h5", layers, optimizer), values(into)
    with pytest.raises(Refused, match=words):
        restore.rescue(into, path)
    assert values(into) == before


def test_a_file_that_fits_comes_back_whole(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    report = restore.rescue(into, old_files.write(tmp_path / "old.h5", layers, optimizer))
    assert report.complete and not report.unused and len(report.restored) == 14
    wanted = [value for _, weights in layers for value in weights.values()] + [value for _, value in optimizer]
    assert values(into) == [np.asarray(value).tobytes() for value in wanted]
    again = restore.rescue(into, tmp_path / "old.h5")
    assert not again.restored and len(again.already) == 14


def test_a_dry_run_changes_nothing_and_shows_the_same_mapping(tmp_path):
    into = model("first", "second")
    path, before = old_files.write(tmp_path / "old.h5", *old_files.of(into)), values(into)
    dry = restore.rescue(into, path, dry_run=True)
    assert values(into) == before and "would come back" in str(dry)
    assert dry.restored == restore.rescue(into, path).restored
    assert (
        "optimizer: momentum of first/kernel",
        "optimizer_weights/adam/first_kernel_momentum",
        "name",
    ) in dry.restored


@pytest.mark.parametrize("slot", ["momentum", "velocity"])
def test_two_slots_of_one_shape_in_each_others_place_are_refused(tmp_path, slot):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    places = [n for n, (name, _) in enumerate(optimizer) if name.endswith("kernel_" + slot)]
    one, other = places
    optimizer[one], optimizer[other] = optimizer[other], optimizer[one]
    refused(tmp_path, layers, optimizer, into, "is in the place of another one of its shape")


def test_momentum_and_velocity_in_each_others_place_are_refused_without_names(tmp_path):
    """As Keras 2.2 writes them: Variable, Variable_1, ..., the momentums of all weights before the velocities."""
    into = model("first")
    layers, optimizer = old_files.of(into)
    slots = [value for _, value in optimizer[2::2]] + [value for _, value in optimizer[3::2]]
    old = [("Adam/iterations", np.int64(70))] + [(f"training/Adam/Variable_{n}", v) for n, v in enumerate(slots)]
    right = old_files.write(tmp_path / "right.h5", layers, old, keras="2.2.4")
    report = restore.rescue(model("first"), right)
    assert report.absent == ["optimizer: learning_rate"] and not report.unused
    assert (
        "optimizer: velocity of first/kernel",
        "optimizer_weights/training/Adam/Variable_2",
        "position",
    ) in report.restored
    swapped = [old[0], (old[1][0], slots[2]), old[2], (old[3][0], slots[0]), old[4]]
    refused(tmp_path, layers, swapped, into, "values below zero: it is no velocity")


def test_layers_whose_names_keras_made_up_must_stand_in_the_same_order(tmp_path):
    into = model("dense", "dense_1")
    layers, optimizer = old_files.of(into)
    refused(tmp_path, layers[::-1], optimizer, into, "the names were made up by Keras, so the layers could be swapped")


def test_layers_that_the_user_named_may_stand_in_another_order(tmp_path):
    into = model("first", "second")
    layers, _ = old_files.of(into)
    assert restore.rescue(into, old_files.write(tmp_path / "old.h5", layers[::-1]), parts=["weights"]).restored
    assert into.layers[0].kernel.value.tobytes() == layers[0][1]["first/kernel"].tobytes()


def test_made_up_names_with_other_numbers_are_matched_by_order(tmp_path):
    into, saved = model("dense", "dense_1"), model("dense_6", "dense_7")
    layers, optimizer = old_files.of(saved)
    report = restore.rescue(into, old_files.write(tmp_path / "old.h5", layers, optimizer))
    assert report.complete
    assert into.layers[1].kernel.value.tobytes() == layers[1][1]["dense_7/kernel"].tobytes()
    assert into.optimizer._momentums[2].value.tobytes() == dict(optimizer)["adam/dense_7_kernel_momentum"].tobytes()


def test_weights_that_lie_in_each_others_layer_are_refused(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    for layer, (_, weights) in zip(into.layers[::-1], layers, strict=True):
        layer.kernel.value = list(weights.values())[0]
    refused(tmp_path, layers, optimizer, into, "the two layers are swapped, in the file or in the model")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (model("first"), "the file has 1 layers with weights, the model 2: only the model has 'second'"),
        (model("first", "second", "third"), "the file has 3 layers with weights, the model 2"),
        (model("first", "other"), "the layer 'other' of the file would be 'second' of the model"),
        (model("first", "second", shape=(3, 4)), r"in the layer 'first', the file has .*\(3, 4\)"),
    ],
)
def test_the_file_of_another_model_is_refused(tmp_path, other, words):
    refused(tmp_path, *old_files.of(other), model("first", "second"), words)


def test_a_slot_that_is_there_for_some_weights_only_is_refused(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    refused(tmp_path, layers, optimizer[:-1], into, "the file has the slot 'velocity' for 3 of 4 weights")


def test_a_step_counter_that_is_no_whole_number_is_refused(tmp_path):
    into = model("first")
    layers, optimizer = old_files.of(into)
    optimizer[0] = ("adam/iteration", np.float32(70.5))
    refused(tmp_path, layers, optimizer, into, "its value would change")
    optimizer[0] = ("adam/iteration", np.float32(70))
    restore.rescue(into, old_files.write(tmp_path / "whole.h5", layers, optimizer))
    assert into.optimizer._iterations.value == 70


def test_what_is_in_neither_is_told(tmp_path):
    into = model("first")
    layers, optimizer = old_files.of(into)
    kept = [pair for pair in optimizer if not pair[0].endswith("velocity")]
    report = restore.rescue(into, old_files.write(tmp_path / "old.h5", layers, [*kept, ("adam/spare", np.float32(2))]))
    assert report.absent == ["optimizer: velocity of first/kernel", "optimizer: velocity of first/bias"]
    assert report.unused == ["optimizer_weights/adam/spare"] and not report.complete
    for line in ("2 are not in the file, and stay as they were:", "1 are in the file and fit nothing in the model:"):
        assert line in str(report)


def test_a_refusal_leaves_the_flags_of_layers_as_they_were(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    path = old_files.write(tmp_path / "old.h5", layers, optimizer[:-1])
    frozen = {"class_name": "Dense", "config": {"name": "first", "trainable": False}}
    with h5py.File(path, "a") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": [frozen]}})
    with pytest.raises(Refused, match="the slot 'velocity'"):
        restore.rescue(into, path)
    assert into.layers[0].trainable is True
    assert "trainable of first: True, the file says False" in restore.rescue(into, path, parts=["flags"]).changes
    assert into.layers[0].trainable is False


def test_a_step_counter_does_not_come_back_without_its_slots(tmp_path):
    """A late step with new moments is worse than a new beginning."""
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    shuffled = [*optimizer[:2], *[(f"spare_{n}", value) for n, (_, value) in enumerate(optimizer[5:])]]
    report = restore.rescue(into, old_files.write(tmp_path / "old.h5", layers, shuffled))
    assert into.optimizer._iterations.value == 0 and "optimizer: iteration" in report.absent
    assert "optimizer_weights/adam/iteration" in report.unused
    assert report.notes == ["no slot of the file's optimizer has a place, so its step counter is left too"]


def test_two_variables_of_one_name_have_one_value_and_none_is_guessed(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    doubled = [("adam/same", value) if name.endswith("kernel_momentum") else (name, value) for name, value in optimizer]
    report = restore.rescue(into, old_files.write(tmp_path / "old.h5", layers, doubled))
    assert "optimizer: momentum of first/kernel" in report.absent
    assert report.damage == [
        ("optimizer_weights/adam/same", "2 variables have this name, and the file holds one value")
    ]
    assert not into.optimizer._momentums[0].value.any()


def test_two_variables_of_one_name_do_not_excuse_a_missing_weight(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    doubled = [("adam/same", value) if name.endswith("kernel_momentum") else (name, value) for name, value in optimizer]
    del layers[1][1]["second/bias"]
    refused(tmp_path, layers, doubled, into, "in the layer 'second', the file has nothing more and the model has bias")
    refused(tmp_path, layers[:1], doubled, into, "the file has 1 layers with weights, the model 2")


def test_what_is_left_of_a_damaged_file_comes_back_on_request_alone(tmp_path):
    into = model("first", "second")
    layers, optimizer = old_files.of(into)
    path, before = old_files.write(tmp_path / "old.h5", layers, optimizer), into.layers[1].bias.value.tobytes()
    with h5py.File(path, "a") as file:
        del file["model_weights/second/second/bias"]
    with pytest.raises(Unreadable, match="second/second/bias of .*old.h5 cannot be read"):
        restore.rescue(into, path)
    report = restore.rescue(into, path, damaged=True)
    assert "second/bias" in report.absent and not report.complete and len(report.restored) == 13
    assert report.damage[0][0] == "second/second/bias" and into.layers[1].bias.value.tobytes() == before


def test_an_unknown_part_is_named(tmp_path):
    with pytest.raises(ValueError, match="parts has weight; they are weights, flags, compile, optimizer"):
        restore.rescue(
            model("first"), old_files.write(tmp_path / "old.h5", *old_files.of(model("first"))), parts=["weight"]
        )
