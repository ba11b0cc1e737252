"""Files of Keras before 2.4, whose optimizers' variables do not say to which weight they belong."""

import numpy as np
import pytest
from helpers import old_files
from helpers.live_models import Dense, Model

from rescue import restore
from rescue.layers import Refused
from rescue.live_optimizer import LiveSlot
from rescue.order import orders_of
from rescue.slots import count_up, nameless, split_name


@pytest.fixture(autouse=True)
def no_keras(monkeypatch):
    monkeypatch.setattr(restore, "keras_of", lambda model: None)


LAYERS = ("dense_2", "dense_10")  # as strings, dense_10 is the first


def model():
    return Model(*[Dense(name, (3, 3), seed) for seed, name in enumerate(LAYERS)])


def state(into, order):
    """(layers, values of the first slot, of the second) for weights in an order of their names."""
    layers, _ = old_files.of(into)
    shapes = {w.path: w.shape for w in into.weights}
    values = np.random.default_rng(3)
    return layers, *([values.uniform(size=shapes[name]).astype("float32") for name in order] for _ in range(2))


def slots_of(into):
    return {w.path: (m.value, v.value) for w, m, v in zip(
        into.weights, into.optimizer._momentums, into.optimizer._velocities, strict=True)}  # fmt: skip


def rescued(tmp_path, into, order, names, keras, counter):
    """The report, after the file's slots were found at their weights."""
    layers, momentums, velocities = state(into, order)
    optimizer = [counter, *zip(names, momentums + velocities + [np.zeros(1, "float32")] * 4, strict=False)]
    path = old_files.write(tmp_path / "old.h5", layers, optimizer, keras=keras)
    report = restore.rescue(into, path)
    for name, momentum, velocity in zip(order, momentums, velocities, strict=True):
        assert slots_of(into)[name][0].tobytes() == momentum.tobytes(), name
        assert slots_of(into)[name][1].tobytes() == velocity.tobytes(), name
    return report


LAYER_ORDER = [f"{layer}/{weight}" for layer in LAYERS for weight in ("kernel", "bias")]


def test_names_with_the_number_of_the_weight_are_placed_and_dummies_told(tmp_path):
    into = model()
    names = [f"{slot}_{n}:0" for slot in ("m", "v", "vhat") for n in range(4)]
    report = rescued(tmp_path, into, LAYER_ORDER, names, "2.3.1", ("Adam/iterations:0", np.int64(70)))
    assert into.optimizer._iterations.value == 70
    assert report.unused == [f"optimizer_weights/vhat_{n}:0" for n in range(4)]
    assert report.absent == ["optimizer: learning_rate"]


def test_the_counter_of_a_second_model_has_a_number_and_is_float32(tmp_path):
    into = model()
    names = [f"Variable_{n}:0" for n in range(104, 112)]
    rescued(tmp_path, into, sorted(LAYER_ORDER), names, "2.0.5", ("iterations_1:0", np.float32(92494)))
    assert into.optimizer._iterations.value == 92494 and into.optimizer._iterations.value.dtype == np.int64


def test_keras_1_does_not_name_the_counter_and_sorts_by_name(tmp_path):
    into = model()
    names = [f"Variable_{n}:0" for n in range(910, 918)]
    rescued(tmp_path, into, sorted(LAYER_ORDER), names, "1.2.1", ("Variable_905:0", np.float32(9473)))
    assert into.optimizer._iterations.value == 9473


def test_keras_2_0_6_has_the_order_of_the_layers(tmp_path):
    names = [f"Variable_{n}:0" for n in range(1, 9)]
    report = rescued(tmp_path, model(), LAYER_ORDER, names, "2.0.6", ("iterations:0", np.float32(5)))
    assert not report.unused


@pytest.mark.parametrize("first", ["m_{}", "Variable_{}"])
def test_numbers_that_do_not_count_up_are_refused(tmp_path, first):
    into = model()
    layers, momentums, _ = state(into, LAYER_ORDER)
    optimizer = [("Adam/iterations:0", np.int64(70)), *zip(map(first.format, (1, 0, 2, 3)), momentums, strict=True)]
    path = old_files.write(tmp_path / "old.h5", layers, optimizer, keras="2.3.1")
    with pytest.raises(Refused, match="count up"):
        restore.rescue(into, path)
    assert into.optimizer._iterations.value == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m_0", True),
        ("u_12", True),
        ("delta_accumulator_3_1", True),
        ("training_1/Adam/vhat_2", True),
        ("training/RMSprop/Variable_4", True),
        ("Adam/dense/kernel/m", False),
        ("training/Adam/dense/kernel/m_1", False),
        ("Adam/m/dense_1/kernel", False),
        ("Adam/iterations", False),
    ],
)
def test_which_names_say_no_weight(name, expected):
    assert nameless(name) is expected


def test_numbers_count_up_in_each_slot():
    assert count_up(["Variable", "Variable_1", "Variable_10"]) and count_up(["m_0", "m_1", "v_0", "v_1"])
    assert count_up(["m_0_1", "m_1_1", "v_0_1"])
    assert not count_up(["m_0", "m_0"]) and not count_up(["Variable_1", "Variable"])


def test_names_of_the_whole_optimizer():
    assert split_name("Nadam/m_schedule", [], "Nadam") == ("u_product", None)
    assert split_name("Adam_1/iterations_1", [], "Adam") == ("iteration", None)
    assert split_name("Adam/beta_1", [], "Adam") == ("beta_1", None)


def test_a_live_optimizer_without_a_learning_rate_variable_takes_the_order_of_keras_3():
    slots = [LiveSlot("iteration", None, 0, None), LiveSlot("momentum", 0, 0, None), LiveSlot("velocity", 0, 0, None)]
    rate = ("learning_rate", None, 0)
    own = [("iteration", None, 0), ("momentum", 0, 0), ("velocity", 0, 0)]
    assert own[:1] + [rate] + own[1:] in orders_of(slots, "3.6.0") and own in orders_of(slots, "3.6.0")
