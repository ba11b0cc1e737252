"""Answers: what happens by format and use, its exceptions, its ways around and its ranges of versions."""

import datetime
import json

import pytest

from host.environments import declared
from host.report import cells as cells_
from host.report import terminal
from host.report.answers import compatibility, effects, table, versions
from host.report.answers.fields import fields
from host.report.answers.ways import around, ways
from host.select import runtimes

KERAS3, TF_KERAS = "tf2.21-keras3", "tf2.21-keras2"
HOME = {"producer": KERAS3, "modifier": "none", "format": "h5", "loader": "load_model", "use": "resume"}
TITLES = {"h5": "whole model, .h5", "keras_archive": "whole model, .keras"}
WHEN = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def known():
    return runtimes.known(declared.load_all(["envs"]))


def facet(status="identical", promised=True, announced=()):
    return {"status": status, "promised": promised, "relevant": True, "announced": list(announced)}


def cell(model="mlp", verdict="kept", lost=(), **changes):
    """A judged cell, kept unless the arguments say otherwise; ``lost`` are facets."""
    announced = changes.pop("announced", ())
    ids = {axis: changes.pop(axis, default) for axis, default in {**HOME, "model": model}.items()}
    ids["consumer"] = changes.pop("consumer", ids["producer"])
    facets = {name: facet() for name in ("weights", "optimizer_state", "resume_trajectory")}
    facets |= {name: facet("different", announced=announced) for name in lost}
    titles = {"format": TITLES.get(ids["format"])}
    facts = {"outcome": "loaded", "stage": None, "titles": titles, "seconds": {}, "facets": facets, "records": {}}
    return cells_.complete({"cell": ids, "verdict": verdict, "note": "none", "expectation": None, **facts, **changes})


def failed(model="mlp", stage="use", outcome="refused", **changes):
    return cell(model, "broken", stage=stage, outcome=outcome, **changes)


STATE, SEEDS = ["optimizer_state", "resume_trajectory"], ["rng_state", "resume_trajectory"]


@pytest.mark.parametrize(
    ("made", "kind", "words"),
    [
        (cell(), "works", "works"),
        (cell(verdict="not_promised_there"), "works", "works"),
        (cell(verdict="silent_loss", lost=STATE), "loses", "silently loses the optimizer state"),
        (cell(verdict="silent_loss", lost=STATE[1:]), "loses", "silently trains differently"),
        (cell(verdict="degraded", lost=STATE, announced=["x"]), "loses", "loses the optimizer state, and warns"),
        (cell(verdict="not_promised_lost", lost=["weights", *STATE]), "loses", "silently loses weights"),
        (cell(verdict="not_promised_random", lost=SEEDS), "random", "restarts the random state"),
        (failed(), "fails", "fails when training goes on"),
        (failed(stage="load"), "fails", "does not load"),
        (failed(stage="save"), "fails", "cannot be saved"),
        (failed(use="serve"), "fails", "fails when it is called"),
        (failed(stage="load", outcome="crashed"), "fails", "kills the process"),
    ],
)
def test_an_effect_says_what_happens(made, kind, words):
    effect = effects.effect(made)
    assert (effect.kind, effect.words) == (kind, words)


@pytest.mark.parametrize("verdict", ["unproved", "not_run", "not_reproducible", "not_applicable", "unbuildable"])
def test_what_was_not_proved_says_nothing(verdict):
    assert effects.effect(cell(verdict=verdict)) is None


def only(cells):
    return next(iter(fields(cells).values()))


def test_a_field_is_named_after_what_happens_to_most_models():
    lost = [cell(m, "silent_loss", ["optimizer_state"]) for m in "abc"]
    field = only([*lost, failed("d", "load"), cell("e")])
    assert (field.status, field.words, field.works, field.models) == (
        "silent",
        "silently loses the optimizer state",
        1,
        5,
    )
    assert {g.effect.words: g.models for g in field.exceptions} == {"works": ("e",), "does not load": ("d",)}


def test_a_field_that_works_for_most_names_its_exceptions():
    field = only([cell("a"), cell("b"), failed("c", "load")])
    assert (field.status, field.words) == ("works_but", "works, but not for 1 of 3 models")
    assert only([cell("a"), cell("b")]).status == "works"
    random = cell("b", "not_promised_random", ["rng_state"])
    assert only([cell("a"), random]).words == "works, but restarts the random state of 1 model"


def test_a_model_counts_once_by_its_best_usual_loader():
    usual = [failed("a", "load"), cell("a", loader="load_model_custom_objects")]
    assert (only(usual).works, only(usual).models) == (1, 1)
    assert only([failed("a"), cell("a", loader="load_model_unsafe")]).works == 0
    assert only([cell("a"), failed("b", modifier="int8")]).models == 1


def test_the_way_around_is_one_that_was_run_and_worked():
    cells = [failed("a"), failed("b"), cell("a", format="keras_archive"), cell("b", format="keras_archive")]
    cells += [cell("a", format="tf_checkpoint", loader="checkpoint_restore")]
    way = around(fields(cells)[KERAS3, KERAS3, "h5", "resume"], ways(cells))
    assert (way.format, way.loader, way.works, way.of) == ("keras_archive", "load_model", 2, 2)
    assert way.cell == f"{KERAS3}/a/none/keras_archive/{KERAS3}/load_model/resume"


def test_without_a_way_that_worked_there_is_none():
    cells = [failed("a"), failed("a", format="keras_archive"), cell("b", format="tf_checkpoint")]
    assert around(fields(cells)[KERAS3, KERAS3, "h5", "resume"], ways(cells)) is None
    assert around(only([cell("a")]), ways([cell("a")])) is None


def test_ranges_of_versions(known):
    bad = {"verdict": "silent_loss", "lost": ["optimizer_state"]}
    worked, broke = "tf2.4-keras2 tf2.8-keras2 tf2.15-keras2".split(), "tf2.10-keras2 tf2.12-keras2".split()
    cells = [cell("mlp", producer=r) for r in worked] + [cell("mlp", producer=r, **bad) for r in broke]
    cells += [failed("other", producer="tf2.21-keras2")]
    (entry,) = versions.ranges(fields(cells), known)
    seen = [(s["words"], s["version_added"], s["version_removed"], len(s["versions"])) for s in entry["statements"]]
    lost = "silently loses the optimizer state"
    v = {r: known[r].version for r in worked + broke}
    assert entry["model"] == "mlp"
    assert seen == [
        ("works", "≤" + v["tf2.4-keras2"], v["tf2.10-keras2"], 2),
        (lost, v["tf2.10-keras2"], v["tf2.15-keras2"], 2),
        ("works", v["tf2.15-keras2"], None, 1),
    ]


@pytest.fixture
def answers(known):
    cells = [failed("a"), failed("b"), cell("a", format="keras_archive"), cell("a", producer=TF_KERAS)]
    return compatibility.data(cells, known, WHEN, "config")


def test_the_file_has_the_form_of_its_schema_and_repeats(answers):
    text = compatibility.text(answers)
    compatibility.validate(json.loads(text))
    assert json.loads(text) == json.loads(json.dumps(answers))
    assert answers["newest"] == [KERAS3, TF_KERAS]


def test_a_file_of_another_form_is_refused(answers):
    answers["support"][0]["status"] = "fine"
    with pytest.raises(compatibility.jsonschema.ValidationError):
        compatibility.validate(answers)


def test_table_markdown_and_terminal_say_the_same(answers):
    made = table.table(answers, KERAS3)
    assert [row["format"]["id"] for row in made["rows"]] == ["keras_archive", "h5"]
    row = "| whole model, .h5 | ✕ fails when training goes on<br><sub>0 of 2 models</sub> |"
    assert row in table.markdown(answers).splitlines()
    text = table.text(made, table.signs(answers))
    assert "  ✕ whole model, .h5, resume training: fails when training goes on" in text
    assert f"  {'whole model, .h5':<21}✕ 0 of 2" in text
    assert set(terminal.ASCII) == set(table.signs(answers))


def test_a_run_of_other_runtimes_has_no_first_table(known):
    answers = compatibility.data([cell(producer="tf2.15-keras2", consumer=KERAS3)], known, WHEN, "mine")
    assert (answers["newest"], table.tables(answers), len(answers["support"])) == ([], [], 1)
    compatibility.validate(answers)
