"""One name for what every Keras calls by another: slots of an optimizer, weights, and the values behind them."""

import numpy as np
import pytest

from host import compare, naming
from roundtrip.record import Record

WEIGHTS = ["dense/kernel", "dense/bias", "dense_1/kernel", "outer/inner/dense/kernel", "same/kernel", "same/kernel#2"]


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        # optimizers before 2.11, optimizers since, Keras 3
        ("Adam/dense/kernel/m", "momentum of dense/kernel"),
        ("Adam/m/dense/kernel", "momentum of dense/kernel"),
        ("adam/dense_kernel_momentum", "momentum of dense/kernel"),
        ("dense/kernel/vhat", "velocity_hat of dense/kernel"),
        ("Adam/vhat/dense/kernel", "velocity_hat of dense/kernel"),
        ("adam/dense_kernel_velocity_hat", "velocity_hat of dense/kernel"),
        # a weight whose name begins another's
        ("Adam/v/dense_1/kernel", "velocity of dense_1/kernel"),
        ("adam/dense_1_kernel_velocity", "velocity of dense_1/kernel"),
        ("adam/outer_inner_dense_kernel_momentum", "momentum of outer/inner/dense/kernel"),
        ("training/Adam/outer/inner/dense/kernel/m", "momentum of outer/inner/dense/kernel"),
        # two weights of one name
        ("SGD/m/same/kernel", "momentum of same/kernel"),
        ("SGD/m/same/kernel#2", "momentum of same/kernel#2"),
        # others' words
        ("RMSprop/dense/bias/rms", "velocity of dense/bias"),
        ("RMSprop/velocity/dense/bias", "velocity of dense/bias"),
        ("rm_sprop/dense_bias_average_gradient", "average_gradient of dense/bias"),
        ("Adadelta/dense/bias/accum_var", "accumulated_delta_var of dense/bias"),
        ("ada_delta/dense_bias_accumulated_delta_var", "accumulated_delta_var of dense/bias"),
        ("Adamax/u/dense/bias", "norm of dense/bias"),
        ("ftrl/dense_bias_linear", "linear of dense/bias"),
        # of the whole optimizer
        ("Adam/iter", "iteration"),
        ("iteration", "iteration"),
        ("adam/iteration", "iteration"),
        ("loss_scale_optimizer/dynamic_scale", "dynamic_scale"),
        ("current_loss_scale", "dynamic_scale"),
        ("adam/learning_rate", "learning_rate"),
    ],
)
def test_every_dialect_has_one_name(name, canonical):
    assert naming.of_slot(name, WEIGHTS, {}) == canonical


def state(*entries):
    record = Record()
    return record.state([dict(zip(("name", "role", "value"), e, strict=True)) for e in entries]), record


def kernel(seed):
    return np.random.default_rng(seed).normal(size=(4, 4)).astype("float32")


def keras_2(m=1, v=2, steps=70):
    return state(
        ("dense/kernel", "trainable", kernel(0)),
        ("iteration", "optimizer", np.array(steps, "int64")),
        ("Adam/m/dense/kernel", "optimizer", kernel(m)),
        ("Adam/v/dense/kernel", "optimizer", kernel(v)),
    )


def keras_3(m=1, v=2, steps=70, weight="dense/kernel"):
    return state(
        (weight, "trainable", kernel(0)),
        ("adam/iteration", "optimizer", np.array(steps, "int32")),
        ("adam/learning_rate", "optimizer", np.array(0.01, "float32")),
        (f"adam/{weight.replace('/', '_')}_momentum", "optimizer", kernel(m)),
        (f"adam/{weight.replace('/', '_')}_velocity", "optimizer", kernel(v)),
    )


def compared(ours, theirs):
    (reference, first), (observed, second) = ours, theirs
    reference, observed, notes = naming.aligned(reference, observed)
    sides = [[e for e in s if e["role"] == "optimizer"] for s in (reference, observed)]
    arrays = compare.Arrays(first._arrays), compare.Arrays(second._arrays)
    return compare.compare_state(*sides, *arrays, widths=False, said=notes)


@pytest.mark.parametrize(("ours", "theirs"), [(keras_2, keras_3), (keras_3, keras_2)])
def test_equal_slots_are_equal_in_both_directions(ours, theirs):
    found = compared(ours(), theirs())
    assert found["status"] == "identical" and found["compared"] == 3
    assert any("learning_rate" in line for line in found["detail"])


@pytest.mark.parametrize(
    ("spoilt", "line"),
    [
        ({"m": 2, "v": 1}, "momentum of dense/kernel: 16 of 16 values"),
        ({"m": 3}, "momentum of dense/kernel"),
        ({"steps": 71}, "iteration: 1 of 1 values differ"),
    ],
)
def test_a_swap_a_loss_and_another_step_are_seen(spoilt, line):
    found = compared(keras_2(), keras_3(**spoilt))
    assert found["status"] == "different" and any(line in text for text in found["detail"])


def test_slots_follow_a_weight_that_is_called_otherwise():
    assert compared(keras_2(), keras_3(weight="dense_7/kernel"))["status"] == "identical"


def test_a_missing_slot_is_missing():
    observed, record = keras_3()
    found = compared(keras_2(), ([e for e in observed if "velocity" not in e["name"]], record))
    assert found["status"] == "different" and any("velocity of dense/kernel: missing" in t for t in found["detail"])
