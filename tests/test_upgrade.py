"""The upgrade view: the question, its ways, and an answer that claims only what was compared."""

import pytest
from helpers.runtimes import ENVIRONMENT, RUNTIMES, versions

from host import schemas
from host.questions import upgrade, upgrade_page
from host.select import configuration, matrix, runtimes

OLD = versions("2.15", "tf2.15", keras2="2.15")
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
    assert {b.via_loader for b in found} == {"load_model"}
    assert not any(b.via == b.producer and b.via_format == b.format for b in found)
    assert {"keras_archive", "weights_h5"} <= {b.via_format for b in found}


def test_weights_are_read_for_a_bridge_with_the_optimizer_built():
    found = upgrade.bridges(asked(format="weights_h5"), KNOWN)
    assert {b.via_loader for b in found} == {"build_optimizer_load_weights"}


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


def verdict(way, facets=(), **changes):
    names = ("weights", "optimizer_state")
    found = {
        "cell": {"model": "m", "consumer": "tf2.21-keras3", **way},
        "facets": {
            n: {"status": "different" if n in facets else "identical", "relevant": True, "detail": []} for n in names
        },
        "outcome": "loaded",
        "verdict": "kept",
        "reason": "",
        "warnings": [],
    }
    return found | changes


BRIDGE = {
    "via": "tf2.15-keras2",
    "via_loader": "load_model",
    "via_format": "weights_h5",
    "loader": "build_load_weights",
}


def test_the_best_way_is_first_and_nothing_unproved_works():
    listed = upgrade_page.ways(
        [
            verdict({"loader": "load_model"}, outcome="refused", error={"message": "no such thing"}),
            verdict({"loader": "load_model_no_compile"}, facets=("optimizer_state",)),
            verdict({"loader": "build_load_weights"}, verdict="unproved"),
            verdict(BRIDGE),
        ]
    )
    assert [e["kind"] for e in listed] == ["works", "loses", "fails", "unproved"]
    said = upgrade_page.text(listed, asked())
    assert "no such thing" in said and "loses optimizer_state" in said
    assert said.index("Over a bridge") < said.index("keeps everything")
    page = upgrade_page.page(listed, asked())
    assert page.count("keeps everything") == 2 and "gives no proof" in page
