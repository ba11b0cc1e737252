"""The question of an upgrade: its straight ways and bridges, its models, and how it is asked."""

import argparse

import pytest
from helpers.runtimes import ENVIRONMENT, RUNTIMES, versions

from host import schemas
from host.select import configuration, matrix, runtimes, subjects
from host.upgrade import ask
from host.upgrade import question as upgrade

OLD = versions("2.15", "tf2.15", keras2="2.15")
KNOWN_ENVIRONMENTS = {"tf2.15": OLD, "tf2.21": ENVIRONMENT, "other": {}}
KNOWN = runtimes.known({"tf2.15": OLD, "tf2.21": ENVIRONMENT})
ASKED = {"from": "tf2.15-keras2", "to": "tf2.21-keras3", "format": "h5"}


def asked(**changes):
    return upgrade.question({"matrix": [], "upgrade": ASKED | changes}, KNOWN, "my.yaml")


def test_the_straight_ways_are_a_block_of_the_matrix_and_the_sibling_is_asked_too():
    given = {"matrix": [], "upgrade": dict(ASKED)}
    question = upgrade.question(given, KNOWN, "my.yaml")
    assert question["via"] == ["tf2.15-keras2", "tf2.21-keras2"] and question["beside"] == ["tf2.21-keras2"]
    cells, _ = matrix.expand(configuration.resolve(given, KNOWN), KNOWN)
    assert {c.consumer for c in cells} == {"tf2.21-keras3", "tf2.21-keras2"}
    assert all(upgrade.answers(c, question) for c in cells)


def test_models_and_runtimes_in_between_are_selections():
    question = asked(models=["dense_*", "mlp_*", "!*_subclassed"], via="*-keras2")
    assert question["models"] == ["dense_regression", "mlp_functional"]
    assert question["via"] == ["tf2.15-keras2", "tf2.21-keras2"]


def test_without_a_question_there_is_none():
    assert upgrade.question({"matrix": [{}]}, RUNTIMES, "my.yaml") is None
    assert upgrade.bridges(None, RUNTIMES) == []


def test_bridges_go_through_a_third_runtime_and_end_where_it_was_asked():
    found = upgrade.bridges(asked(), KNOWN)
    assert {b.via for b in found} == {"tf2.15-keras2", "tf2.21-keras2"}
    assert all(
        (b.producer, b.consumer, b.format, b.use) == (*ASKED.values(),)[:1] + (ASKED["to"], "h5", "resume")
        for b in found
    )
    assert {b.via_loader for b in found} == {"load_model", "rescue"}
    assert not any(b.via_loader == "rescue" and "rescue" in b.loader for b in found), "the target reads it by itself"
    assert not any(b.via == b.producer and b.via_format == b.format for b in found)
    assert {"keras_archive", "weights_h5"} <= {b.via_format for b in found}


def test_weights_are_read_for_a_bridge_with_the_optimizer_built():
    found = upgrade.bridges(asked(format="weights_h5"), KNOWN)
    assert {b.via_loader for b in found} == {"build_optimizer_load_weights", "build_rescue"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from": "tf2.15-keras"}, ["upgrade.from", 'Did you mean "tf2.15-keras2"?']),
        ({"format": "h6"}, ["upgrade.format"]),
        ({"models": ["dense_regresion"]}, ["upgrade.models", "dense_regression"]),
        ({"models": "dense_regresion*"}, ["upgrade.models", "dense_regression"]),
        ({"via": ["tf1*"]}, ["upgrade.via", 'nothing matches "tf1*"']),
        ({"usee": "resume"}, ["usee"]),
    ],
)
def test_bad_questions_are_answered_with_the_remedy(changes, words):
    with pytest.raises(schemas.ConfigError) as error:
        asked(**changes)
    assert all(word in str(error.value) for word in ["my.yaml", *words]), error.value


def test_models_of_the_users_own_are_asked_about_where_the_configuration_brings_some(tmp_path):
    (tmp_path / "churn.py").write_text("class Gate:\n    pass\n\n\ndef build():\n    pass\n")
    (tmp_path / "plain.py").write_text("def build():\n    pass\n")
    config = {"models": {n: {"build": f"{n}.py:build", "depends": [], "budget": 60} for n in ("churn", "plain")}}
    own = subjects.resolve(config, schemas.Files({str(tmp_path / "my.yaml"): config}))
    given = {"matrix": [], "upgrade": dict(ASKED)}
    question = upgrade.question(given, KNOWN, "my.yaml", own)
    assert question["models"] == ["churn", "plain"] and question["custom"] == ["churn"]
    assert question["builds"] == {"churn": "churn.py:build", "plain": "plain.py:build"}
    cells, _ = matrix.expand(configuration.resolve(given, KNOWN, models=own), KNOWN)
    assert {c.model for c in cells} == {"churn", "plain"} and all(upgrade.answers(c, question) for c in cells)
    assert {b.model for b in upgrade.bridges(question, KNOWN, own)} == {"churn", "plain"}
    assert upgrade.environments(question, KNOWN_ENVIRONMENTS).keys() == {"tf2.15", "tf2.21"}


def options(**given):
    return argparse.Namespace(**dict.fromkeys((*ask.DEFAULTS, "models", "data", "via"), "") | given)


def test_the_command_line_asks_about_a_function_of_the_users():
    made = ask.configuration(options(models="a/churn.py:build", data="churn.npz", via="tf2.18-keras2"), asked=False)
    assert made["models"] == {"churn": {"build": "a/churn.py:build", "data": "churn.npz"}}
    assert made["upgrade"] == {**ask.DEFAULTS, "models": ["churn"], "via": ["tf2.18-keras2"]}


def test_a_question_in_a_file_is_changed_only_by_what_is_given():
    assert ask.configuration(options(use="evaluate"), asked=True) == {"matrix": [], "upgrade": {"use": "evaluate"}}
    assert ask.configuration(options(), asked=True) == {"matrix": []}
