"""Descriptions of one model by two Keras versions: spelling does not count as a difference, but every loss does."""

import copy
from types import SimpleNamespace

import pytest

from host.judge import descriptions, dialects

KERAS_2 = {
    "class": "Functional",
    "name": "net",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "name": "x", "ragged": False}},
            {
                "class_name": "Dense",
                "config": {
                    "activation": "relu",
                    "activity_regularizer": None,
                    "dtype": "float32",
                    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
                    "name": "dense",
                    "units": 8,
                },
                "inbound_nodes": [[["x", 0, 0, {}]]],
            },
        ],
        "input_layers": [["x", 0, 0]],
    },
    "layers": [{"name": "dense", "class": "Dense", "trainable": True, "dtype_policy": "float32", "vocabulary": None}],
    "trainable_weights": 2,
    "inputs": [[None, 4], "float32"],
    "outputs": [[None, 8], "float32"],
}
KERAS_3 = {
    **KERAS_2,
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x", "optional": False}},
            {
                "class_name": "Dense",
                "config": {
                    "activation": "relu",
                    "dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}},
                    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"input_axes": None}},
                    "name": "dense",
                    "quantization_config": None,
                    "units": 8,
                },
                "inbound_nodes": [
                    {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}]}
                ],
            },
        ],
        "input_layers": ["x", 0, 0],
    },
    "inputs": {"list": [[[None, 4], "float32"]]},
}


@pytest.mark.parametrize(("ours", "theirs"), [(KERAS_2, KERAS_3), (KERAS_3, KERAS_2)])
def test_one_architecture_in_two_dialects_is_identical(ours, theirs):
    found = dialects.compare_description("architecture", ours, theirs)
    assert found.status == "identical", found.detail
    assert found.compared > 15


def dense(found):
    return found["config"]["layers"][1]


SPOIL = {
    "another number": lambda f: dense(f)["config"].update(units=9),
    "another activation": lambda f: dense(f)["config"].update(activation="tanh"),
    "an argument lost": lambda f: dense(f)["config"].pop("activation"),
    "another policy": lambda f: dense(f)["config"]["dtype"]["config"].update(name="bfloat16"),
    "another initializer": lambda f: dense(f)["config"]["kernel_initializer"].update(class_name="Zeros"),
    "another origin": lambda f: dense(f).update(inbound_nodes=[[["y", 0, 0, {}]]]),
    "a layer more": lambda f: f["config"]["layers"].append({"class_name": "Dense", "config": {}}),
    "frozen": lambda f: f["layers"][0].update(trainable=False),
    "another shape": lambda f: f.update(outputs=[[None, 9], "float32"]),
    "two outputs": lambda f: f.update(outputs={"list": [[[None, 8], "float32"]] * 2}),
    "a weight more": lambda f: f.update(trainable_weights=3),
}


@pytest.mark.parametrize("what", SPOIL)
def test_what_is_lost_is_seen(what):
    observed = copy.deepcopy(KERAS_3)
    SPOIL[what](observed)
    found = dialects.compare_description("architecture", KERAS_2, observed)
    assert found.status == "different" and found.differing == len(found.detail)


ADAM_2 = {
    "class": "Adam",
    "config": {
        "name": "Adam",
        "learning_rate": 0.0020000000949949026,
        "beta_1": 0.8,
        "amsgrad": True,
        "epsilon": 1e-5,
        "is_legacy_optimizer": False,
        "jit_compile": True,
        "use_ema": False,
        "ema_overwrite_frequency": 100,
    },
}
ADAM_3 = {
    "class": "Adam",
    "config": {
        "name": "adam",
        "learning_rate": 0.002,
        "beta_1": 0.800000011920929,
        "amsgrad": True,
        "epsilon": 1e-5,
        "loss_scale_factor": None,
        "use_ema": False,
        "ema_overwrite_frequency": None,
    },
}


@pytest.mark.parametrize(("ours", "theirs"), [(ADAM_2, ADAM_3), (ADAM_3, ADAM_2)])
def test_one_optimizer_in_two_dialects_is_identical(ours, theirs):
    found = dialects.compare_description("optimizer_config", ours, theirs)
    assert found.status == "identical", found.detail


@pytest.mark.parametrize(
    "changes", [{"learning_rate": 0.001}, {"amsgrad": False}, {"beta_1": 0.9}, {"use_ema": True}, {"name": "nadam"}]
)
def test_an_optimizer_that_came_back_with_defaults_is_seen(changes):
    observed = {"class": "Adam", "config": ADAM_3["config"] | changes}
    assert dialects.compare_description("optimizer_config", ADAM_2, observed).status == "different"


def test_an_argument_of_the_reference_alone_is_lost_and_one_of_the_consumer_alone_is_a_note():
    more = {"class": "Adam", "config": ADAM_2["config"] | {"nesterov": True}}
    assert dialects.compare_description("optimizer_config", more, ADAM_3).status == "different"
    found = dialects.compare_description("optimizer_config", ADAM_3, more)
    assert found.status == "identical" and "new in the consumer: config.nesterov: True" in found.detail


def test_nothing_in_common_is_not_compared_and_nothing_at_all_is_missing():
    assert dialects.compare_description("compile_config", None, {"loss": []}).status == "not_compared"
    assert dialects.compare_description("compile_config", {"loss": []}, None).status == "missing"
    assert dialects.compare_description("compile_config", {"options": {}}, {"loss": ["a"]}).status == "not_compared"


def test_execution_options_are_compared_by_what_they_mean():
    plain, stated = {"options": {}, "loss": ["mse"]}, {"options": {"steps_per_execution": 1}, "loss": ["mse"]}
    assert dialects.compare_description("compile_config", plain, stated).status == "identical"
    lost = {"options": {"steps_per_execution": 4}, "loss": ["mse"]}
    assert dialects.compare_description("compile_config", lost, stated).status == "different"


def test_what_the_same_code_says_in_the_consumer_is_a_way_to_say_it_and_numbers_are_not_excused_so():
    ours = {"class": "Adam", "config": {"reduction": "auto", "epsilon": 1e-7, "gone": 3, "fill": "zero"}}
    theirs = {"class": "Adam", "config": {"reduction": "mean", "epsilon": 1e-8, "fill": "constant"}}
    code = copy.deepcopy(theirs)
    found = dialects.compare_description("optimizer_config", ours, theirs, code)
    assert found.status == "different" and found.differing == 1
    assert found.detail[0].startswith("config.epsilon") and "as the code says it there" in found.detail[1]
    # the code's model still has what the loaded one lost
    kept = {"class": "Adam", "config": code["config"] | {"fill": "zero", "gone": 3}}
    found = dialects.compare_description("optimizer_config", ours, theirs, kept)
    assert {line.split(":")[0] for line in found.detail if line.startswith("config.")} == {
        "config.epsilon",
        "config.fill",
        "config.gone",
    }


@pytest.mark.parametrize(
    ("given", "returned", "status"),
    [
        (["accuracy", "AUC"], ["auc", "accuracy"], "identical"),  # a class by its name, and its object
        (["BinaryAccuracy"], ["binary_accuracy_1"], "identical"),
        (["AUC"], ["precision"], "different"),
        (["AUC", "mae"], ["auc"], "different"),
    ],
)
def test_a_metric_that_is_given_as_text_may_come_back_as_an_object(given, returned, status):
    texts = [{"name": name, "config": None} for name in given]
    objects = [{"name": name, "config": {"name": name, "dtype": "float32"}} for name in returned]
    both = [{"loss": [], "weighted_metrics": [], "metrics": metrics} for metrics in (texts, objects)]
    pair = SimpleNamespace(descriptions=lambda part: (*both, None), across=False)
    assert descriptions.compare_descriptions(pair, "compile_config").status == status


def test_two_objects_with_other_names_are_not_the_same_metric():
    both = [
        {"loss": [], "weighted_metrics": [], "metrics": [{"name": n, "config": {"name": n}}]} for n in ("AUC", "auc")
    ]
    pair = SimpleNamespace(descriptions=lambda part: (*both, None), across=False)
    assert descriptions.compare_descriptions(pair, "compile_config").status == "different"
