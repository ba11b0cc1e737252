"""Comparing arrays, states and JSON: identical bits, ULP, closeness, pairing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.judge import result, trees
from host.judge.numbers import Arrays, Gap, gap, ulp_distance
from host.judge.states import compare_states
from roundtrip.record import Record

FLOATS = {2: np.float16, 4: np.float32, 8: np.float64}


def recorder():
    return Record("reference", None)


def entry_and_arrays(value):
    record = recorder()
    entry = record.array(value)
    return entry, Arrays(record._arrays)


def between(a, b):
    (ea, aa), (eb, ab) = entry_and_arrays(np.asarray(a)), entry_and_arrays(np.asarray(b))
    return gap(ea, eb, (aa, ab))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(0, 1000))
def test_ulp_counts_the_floats_between(value, steps):
    start = np.float32(value)
    end = start
    for _ in range(steps):
        end = np.nextafter(end, np.float32(np.inf))
    a, b = np.array([start]), np.array([end])
    if np.isfinite(end):
        assert ulp_distance(a, b, "float32") == steps


@pytest.mark.parametrize("dtype", FLOATS.values())
def test_zero_and_minus_zero_differ_in_bits_and_not_in_value(dtype):
    found = between(np.array([0.0], dtype), np.array([-0.0], dtype))
    assert found is not None and found.max_ulp == 0 and found.max_abs == 0 and found.close


def test_a_nan_is_not_close_to_a_number_and_equals_itself():
    assert between(np.float32([np.nan]), np.float32([1])) == Gap("0 of 1 values", float("inf"))
    assert between(np.float32([np.nan]), np.float32([np.nan])) is None


def test_infinities():
    assert between(np.float32([np.inf]), np.float32([np.inf])) is None
    assert not between(np.float32([np.inf]), np.float32([1e38])).close
    assert not between(np.float32([1e38]), np.float32([np.inf])).close


def test_bfloat16_is_compared_by_its_bits():
    import copy

    record = recorder()
    entry = record.array(np.array([0x3F80, 0x4000], np.uint16))
    a = dict(entry, dtype="bfloat16")
    other = record.array(np.array([0x3F81, 0x4000], np.uint16))
    b = dict(copy.deepcopy(other), dtype="bfloat16")
    found = gap(a, b, [Arrays(record._arrays)] * 2)
    assert found.max_ulp == 1 and found.max_abs == 2**-7


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (np.zeros(3, "float32"), np.zeros(3, "float64"), "dtype float64 instead of float32"),
        (np.zeros(3, "float32"), np.zeros((3, 1), "float32"), "shape [3, 1] instead of [3]"),
        (np.array([1, 2]), np.array([1, 3]), "1 of 2 values"),
        (np.array(["a", "b"], object), np.array(["a", "c"], object), "1 of 2 values"),
    ],
)
def test_what_differs_is_named(a, b, words):
    assert between(a, b).what == words


def state(record, **values):
    return record.state([{"name": k, "role": "trainable", "value": np.float32(v)} for k, v in values.items()])


def compared(reference, observed, **options):
    record = recorder()
    entries = state(record, **reference), state(record, **observed)
    return compare_states(*entries, [Arrays(record._arrays)] * 2, **options)


def test_a_renamed_variable_is_a_note_and_no_difference():
    result = compared({"adam/m": [1, 2], "k": [3]}, {"Adam/m/x": [1, 2], "k": [3]})
    assert result.status == "identical"
    assert result.detail == ["adam/m is called Adam/m/x"]


def test_names_win_over_order():
    assert compared({"a": [1], "b": [2]}, {"b": [2], "a": [1]}).status == "identical"
    assert compared({"a": [1], "b": [2]}, {"a": [2], "b": [1]}).differing == 2


def test_nothing_on_both_sides_is_not_compared():
    assert compared({}, {}).status == "not_compared"


def test_nothing_observed_is_missing():
    result = compared({"a": [1], "b": [2]}, {})
    assert (result.status, result.differing) == ("missing", 2)


def test_an_extra_variable_is_a_difference():
    assert compared({"a": [1]}, {"a": [1], "z": [1, 2]}).status == "different"


def test_close_only_where_closeness_is_allowed():
    nearly = np.nextafter(np.float32(1), np.float32(2))
    assert compared({"a": [1]}, {"a": [nearly]}).status == "different"
    assert compared({"a": [1]}, {"a": [nearly]}, tolerant=True).status == "close"
    assert compared({"a": [1]}, {"a": [1.01]}, tolerant=True).status == "different"


def test_an_array_that_neither_record_has_is_an_error_and_no_pass():
    (a, arrays), (b, _) = entry_and_arrays(np.float32([1])), entry_and_arrays(np.float32([2]))
    with pytest.raises(KeyError):
        gap(a, b, (arrays, Arrays({})))


def test_arrays_that_the_reference_has_are_not_written_again(tmp_path):
    value = np.arange(5.0)
    reference, observed = recorder(), recorder()
    key = reference.array(value)["key"]
    entry = observed.array(value)
    other = observed.array(value + 1)
    observed.facts.update(outcome="done", diagnostics=[], seconds={})
    observed.write(str(tmp_path), "observed", known={key})
    with np.load(tmp_path / "observed.npz") as npz:
        assert set(npz) == {other["key"]}
        found = Arrays(npz, Arrays(reference._arrays)._npz)
        assert (found[entry] == value).all() and (found[other] == value + 1).all()


@pytest.mark.parametrize(
    ("reference", "observed", "line"),
    [
        ({"a": 1}, {"a": 2}, "a: 2, was 1"),
        ({"a": {"b": 1}}, {"a": {}}, "a.b: missing, was 1"),
        ({}, {"a": 1}, "a: 1, was not there"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1]: 3, was 2"),
        ({"a": [1]}, {"a": [1, 1]}, "a: [1, 1], was [1]"),
        ({"a": 1}, {"a": True}, "a: True, was 1"),
        ({"a": None}, {"a": 0}, "a: 0, was None"),
    ],
)
def test_each_differing_place_is_named_by_its_path(reference, observed, line):
    assert list(trees.differences(reference, observed)) == [line]
    assert trees.compare_json(reference, observed).status == "different"


def test_long_details_are_cut_and_say_so():
    found = trees.compare_json({str(i): 0 for i in range(40)}, {})
    assert found.differing == 40 and found.to_json()["detail"][-1] == f"and {40 - result.DETAILS} more"
