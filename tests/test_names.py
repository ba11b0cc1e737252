"""Canonical names: slots of an optimizer, weights, and the values behind them."""

import dataclasses

import numpy as np
import pytest

from host.judge import names as naming
from host.judge.numbers import Arrays
from host.judge.states import compare_states
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
        # the other Keras' terms
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
    record = Record("reference", None)
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
    result = compare_states(*sides, (Arrays(first._arrays), Arrays(second._arrays)), widths=False)
    return dataclasses.replace(result, detail=result.detail + notes["optimizer"])


@pytest.mark.parametrize(("ours", "theirs"), [(keras_2, keras_3), (keras_3, keras_2)])
def test_equal_slots_are_equal_in_both_directions(ours, theirs):
    found = compared(ours(), theirs())
    assert found.status == "identical" and found.compared == 3
    assert any("learning_rate" in line for line in found.detail)


@pytest.mark.parametrize(
    ("spoilt", "line"),
    [
        ({"m": 2, "v": 1}, "momentum of dense/kernel: 16 of 16 values"),
        ({"m": 3}, "momentum of dense/kernel"),
        ({"steps": 71}, "iteration: 1 of 1 values differ (max 1 absolute)"),
    ],
)
def test_a_swap_a_loss_and_another_step_are_seen(spoilt, line):
    found = compared(keras_2(), keras_3(**spoilt))
    assert found.status == "different" and any(line in text for text in found.detail)


def test_slots_follow_a_weight_that_is_called_otherwise():
    assert compared(keras_2(), keras_3(weight="dense_7/kernel")).status == "identical"


def test_a_missing_slot_is_missing():
    observed, record = keras_3()
    found = compared(keras_2(), ([e for e in observed if "velocity" not in e["name"]], record))
    assert found.status == "different" and any("velocity of dense/kernel: missing" in t for t in found.detail)


def graph(optimizer, trained, slots, *others, **config):
    """A run's facts as graph mode gives them: the weights that train, the others, then the optimizer's variables."""
    roles = [*((n, "trainable") for n in trained), *((n, "non_trainable") for n in others)]
    roles += [(n, "optimizer") for n in slots]
    state = [{"name": n, "role": role, "shape": [4]} for n, role in roles]
    return {"describe": {"optimizer_config": {"class": optimizer, "config": config}}, "state": state}


#: as the reference of conv_batchnorm has them, shortened: Nadam in graph mode
TRAINED = ["stem/kernel", "conv_1/bias", "norm_1/gamma", "digit/kernel"]
NADAM_1_13 = graph(
    "Nadam",
    TRAINED,
    ["iterations", "Variable", *(f"Variable_{n}" for n in range(1, 8))],
    "norm_1/moving_mean",
)
NADAM_1_15 = graph(
    "Nadam",
    TRAINED,
    ["iter", "momentum_cache", *(f"{weight}/{slot}" for slot in "mv" for weight in TRAINED)],
    "norm_1/moving_mean",
)


def names(facts):
    return [e["name"] for e in naming.canonical(naming.with_slots_named(facts)["state"])]


def test_nameless_slots_of_1_13_are_told_by_their_place():
    old, new = names(NADAM_1_13), names(NADAM_1_15)
    assert old[:2] == ["iteration", "momentum of stem/kernel"] and old[-1] == "velocity of digit/kernel"
    assert set(new) - set(old) == {"momentum_cache"}


def test_in_eager_mode_they_are_all_of_one_name():
    slots = ["iterations", "Variable", *(f"Variable#{n}" for n in range(2, 9))]
    assert names(graph("Nadam", TRAINED, slots)) == names(NADAM_1_13)


def test_another_count_of_nameless_slots_is_left_as_it_is():
    state = NADAM_1_13["state"][:-1]
    assert names({**NADAM_1_13, "state": state})[1:] == [e["name"] for e in state[6:]]


@pytest.mark.parametrize("amsgrad", [True, False])
def test_third_slots_of_adam_without_amsgrad_are_left_out(amsgrad):
    weights = ["dense/kernel", "dense/bias"]
    old = graph("Adam", weights, ["iterations", "Variable", *(f"Variable_{n}" for n in range(1, 6))], amsgrad=amsgrad)
    kinds = ["momentum", "velocity", "velocity_hat"][: 3 if amsgrad else 2]
    assert names(old) == ["iteration", *(f"{kind} of {weight}" for kind in kinds for weight in weights)]


def test_the_norm_of_adamax_was_called_v():
    slots = ["dense/bias/m", "dense/bias/v"]
    for before in ("", "Adamax/"):  # in graph mode, in eager mode
        old = graph("Adamax", ["dense/bias"], [before + slot for slot in slots])
        assert names(old) == ["momentum of dense/bias", "norm of dense/bias"]
    assert names(graph("Adamax", ["dense/bias"], ["Adamax/m/dense/bias", "Adamax/u/dense/bias"])) == names(old)
    assert names(graph("Adam", ["dense/bias"], slots)) == ["momentum of dense/bias", "velocity of dense/bias"]


def test_a_run_without_an_optimizer_is_as_it_was():
    facts = {"describe": {"optimizer_config": None}, "state": NADAM_1_13["state"]}
    assert naming.with_slots_named(facts) == facts and naming.with_slots_named({"outcome": "refused"}) == {
        "outcome": "refused"
    }
    facts = {"describe": {"optimizer_config": {"class": ["ApplyAdam"], "config": {}}}, "state": NADAM_1_13["state"]}
    assert naming.with_slots_named(facts) == facts
