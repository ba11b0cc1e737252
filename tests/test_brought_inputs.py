"""Inputs that are made up for an artifact: the first ones that its model takes, and that its outputs depend on."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from roundtrip.brought import inputs, reading
from roundtrip.brought.calling import Callable

PICTURE = {"picture": [[None, None, None, 1], "float32"]}


def sizes_tried(run, takes=PICTURE):
    """(the width of the inputs that were chosen, the widths that were tried before)."""
    widths = []

    def recorded(values):
        widths.append(values["picture"].shape[2])
        return run(values["picture"])

    values, _ = reading.first_that_fits(Callable(takes, recorded), SimpleNamespace(facts={}), {"stage": "inputs"})
    return values["picture"].shape[2], sorted({*widths} - {values["picture"].shape[2]})


def pooled(picture, empty):
    """The mean over what a large filter leaves of a picture: ``empty`` where it leaves nothing."""
    left = picture[:, 40:, 40:]
    return {"y": left.mean((1, 2)) if left.size else np.full((len(picture), 1), empty, "float32")}


def test_what_the_memory_held_is_no_output():
    held = itertools.cycle([9e-20, 4.7e30, 1.9e30])
    chosen, before = sizes_tried(lambda picture: pooled(picture, next(held)))
    assert chosen > 40 and before and max(before) <= 40


def test_of_outputs_that_are_drawn_the_first_are_taken():
    chosen, before = sizes_tried(lambda picture: {"y": np.random.rand(2).astype("float32")})
    assert chosen < 40 and max(before) > 40


@pytest.mark.parametrize("empty", [np.nan, 9e-20, 0.0, 7.5])
def test_a_picture_that_is_too_small_for_its_filters_is_not_taken(empty):
    chosen, before = sizes_tried(lambda picture: pooled(picture, empty))
    assert chosen > 40 and before and max(before) <= 40


def test_outputs_that_never_depend_on_the_inputs_end_with_the_first_that_ran():
    chosen, before = sizes_tried(lambda picture: {"y": np.zeros(1, "float32")})
    assert chosen < 40 and max(before) > 40


def test_a_shape_that_is_stated_is_not_tried_again():
    calls = []
    takes = {"picture": [[1, 8, 8, 1], "float32"]}
    sizes_tried(lambda picture: calls.append(1) or {"y": np.zeros(1, "float32")}, takes)
    assert len(calls) == 1


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "uint8", "bool"])
def test_turned_inputs_have_other_values_in_the_same_range(dtype):
    array = inputs.made((2, 3), dtype, 0, inputs.TEXTS[0])
    other = inputs.turned(array)
    assert (other.shape, other.dtype) == (array.shape, array.dtype) and not np.array_equal(other, array)
    assert np.abs(other.astype(float)).max() <= np.abs(array.astype(float)).max()


def test_texts_are_not_turned():
    texts = np.array(["a", "b"], dtype=object)
    assert inputs.turned(texts) is texts
