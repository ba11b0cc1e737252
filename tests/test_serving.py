"""Signatures: which argument gets which input, and which output is which, whatever order a dict has."""

import types

import numpy as np
import pytest

from roundtrip.loaders import _serving


class Model:
    """A model as far as a signature's inputs and outputs ask for it."""

    output_names = ("which", "odd")

    def __init__(self, output, input=None):
        self.output, self.input = output, input


def context(model):
    return types.SimpleNamespace(build=lambda: model, tf=types.SimpleNamespace(constant=lambda value: value))


OUTPUTS = {f"output_{i}": np.float32(i) for i in (10, 2, 0, 1)}


def test_outputs_without_the_models_names_are_in_the_order_of_their_numbers():
    assert _serving.unnamed(context(Model([None] * 4)), OUTPUTS) == [0, 1, 2, 10]


def test_outputs_by_the_models_names_are_in_its_order():
    assert _serving.unnamed(context(Model([None] * 2)), {"odd": np.float32(1), "which": np.float32(7)}) == [7, 1]


def test_outputs_whose_names_say_nothing_are_in_the_given_order():
    assert _serving.numbered({"zebra": 0, "ape": 1}) == ["zebra", "ape"]


@pytest.mark.parametrize("kind", [list, tuple])
def test_outputs_are_in_the_structure_of_the_model(kind):
    assert type(_serving.unnamed(context(Model(kind([None, None]))), OUTPUTS)) is kind


def test_a_dict_of_inputs_is_given_by_key_or_by_the_name_of_its_input():
    tensors = {"größe": types.SimpleNamespace(name="one:0"), "other": types.SimpleNamespace(name="two")}
    ctx = context(Model(None, tensors))
    assert _serving.named(ctx, ["a", "b"], {"b": 2, "a": 1}) == {"a": 1, "b": 2}
    assert _serving.named(ctx, ["one", "two"], {"größe": 1, "other": 2}) == {"one": 1, "two": 2}
