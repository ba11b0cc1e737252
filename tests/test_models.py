"""Every model's metadata and data, without TensorFlow."""

import ast
import inspect
import re

import numpy as np
import pytest
from helpers.places import ROOT

from roundtrip import members, training

MODELS = members.names("models")
STYLES = {"sequential", "functional", "subclassed", "graph"}


@pytest.fixture(scope="module")
def dataset():
    random = np.random.RandomState(3)
    return random.randint(0, 256, (70, 28, 28)).astype(np.uint8), random.randint(0, 10, 70)


@pytest.fixture(params=MODELS)
def model(request):
    return members.member("models", request.param)


def documented_traits():
    """The traits that docs/models.md explains."""
    text = (ROOT / "docs" / "models.md").read_text(encoding="utf-8").split("## Traits\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \| .* \|$", text, re.MULTILINE))


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for v in value for leaf in leaves(v)] if isinstance(value, list | tuple) else [value]


def test_says_what_it_is_and_excludes_no_api_that_it_has(model):
    assert model.__doc__ and model.APIS
    assert not set(model.APIS) & set(model.EXCLUDED)


def test_an_api_left_out_has_a_reason(model):
    if "tf1" in model.APIS:
        return
    for api in {"keras3", "keras2"} - set(model.APIS):
        assert model.EXCLUDED.get(api), f"{model.ID} says not why {api} cannot express it"


def test_traits_are_documented_and_name_one_style(model):
    assert len(set(model.TRAITS) & STYLES) == 1
    assert len(set(model.TRAITS)) == len(model.TRAITS)
    assert set(model.TRAITS) <= documented_traits()


def test_no_documented_trait_is_without_a_model():
    assert documented_traits() == {t for name in MODELS for t in members.member("models", name).TRAITS}


def test_twins_are_mutual(model):
    if model.TWIN is not None:
        assert members.member("models", model.TWIN).TWIN == model.ID


def test_custom_traits_go_with_custom_objects(model):
    custom = {"custom_registered", "custom_unregistered", "no_config"} & set(model.TRAITS)
    assert not custom or hasattr(model, "custom_objects")
    assert not {"custom_registered", "custom_unregistered"} <= set(model.TRAITS)


def test_a_model_is_one_small_file(model):
    source = inspect.getsource(model)
    assert len(source.splitlines()) < 80
    ast.parse(source, feature_version=(3, 7))


def test_data_has_as_many_targets_as_inputs(model, dataset):
    images, labels = dataset
    inputs, targets = model.data(images, labels)
    for leaf in leaves(inputs) + leaves(targets):
        assert isinstance(leaf, np.ndarray) and len(leaf) == len(images)
        assert leaf.dtype == object or np.isfinite(leaf).all()
        assert leaf.dtype != np.float64
    assert [len(leaf) for leaf in leaves(training.first(inputs, 2))] == [2] * len(leaves(inputs))


def test_data_of_a_sample_does_not_depend_on_the_others(model, dataset):
    images, labels = dataset
    whole, part = model.data(images, labels), model.data(images[:5], labels[:5])
    for a, b in zip(leaves(whole), leaves(part), strict=True):
        np.testing.assert_array_equal(a[:5], b)


def test_strings_are_declared(model, dataset):
    inputs, _ = model.data(*dataset)
    assert any(leaf.dtype == object for leaf in leaves(inputs)) == ("strings" in model.TRAITS)


def test_the_last_batch_is_ragged(model):
    assert model.SAMPLES % training.BATCH_SIZE
