"""The answer for an upgrade: its first sentence in each case, the order of the ways, and its three renderings."""

import html.parser
import json
import re

import jsonschema
import pytest
import yaml
from helpers.places import ROOT
from helpers.upgrades import (
    BESIDE,
    BRIDGE,
    FAILS,
    LOAD,
    LOST,
    NOT_RUN,
    UNCOMPILED,
    UNPROVED,
    WRONG,
    answered,
    verdict,
)

from host.judge import facets
from host.upgrade import answer as module
from host.upgrade import sentences
from host.upgrade.page import page
from host.upgrade.results import STATUSES
from host.upgrade.text import text

SCHEMA = yaml.safe_load((ROOT / "config/schemas/upgrade.schema.yaml").read_text(encoding="utf-8"))
TWO = {"models": ["mlp", "rnn"]}
MANY = [verdict({**LOAD, "loader": "load_weights_of_model"}, **WRONG)]
MANY += [verdict({"loader": "build_load_weights"}, **FAILS, reason=f"{n}", model=f"m{n}") for n in range(3)]

#: id -> (verdicts, changes of the question, case, how the recommendation begins, what else it says)
CASES = {
    "straight": (
        [verdict(LOAD), verdict(UNCOMPILED, **LOST)],
        {},
        "straight",
        "Use Keras 3.15.1 (load_model): it keeps everything.",
        "",
    ),
    "bridge": (
        [verdict(LOAD, **FAILS), verdict(BRIDGE), verdict(BESIDE)],
        {},
        "bridge",
        "Go through tf_keras 2.21.0: load it there (load_model), save it again (weights, .weights.h5)",
        "This way keeps everything.",
    ),
    "elsewhere": (
        [verdict(LOAD, **FAILS), verdict(UNCOMPILED, **LOST), verdict(BESIDE)],
        {},
        "elsewhere",
        "Use tf_keras 2.21.0 (load_model): it keeps everything.",
        "In Keras 3.15.1 you get the layers and the weights; the optimizer starts anew.",
    ),
    "elsewhere alone": (
        [verdict(LOAD, **FAILS), verdict(BESIDE)],
        {},
        "elsewhere",
        "Use tf_keras 2.21.0 (load_model): it keeps everything.",
        "No way into Keras 3.15.1 works.",
    ),
    "partly": (
        [verdict(LOAD, **WRONG), verdict(UNCOMPILED, **LOST)],
        {},
        "partly",
        "No way keeps everything.",
        "Use Keras 3.15.1 (load_model, compile=False, compiled anew): you get the layers and the weights;",
    ),
    "none": (
        [verdict(LOAD, **FAILS), verdict(BRIDGE, **FAILS)],
        {},
        "none",
        "No way works: each of the 2 ways",
        "TypeError",
    ),
    "one not run": (
        [verdict(LOAD, **FAILS), verdict(BRIDGE, **NOT_RUN)],
        {},
        "none",
        "No way is known to work",
        "TypeError",
    ),
    "not run": ([verdict(LOAD, **NOT_RUN)], {}, "not_run", "Nothing was run, so nothing is known.", "disk was full"),
    "unproved": (
        [verdict(LOAD, **UNPROVED), verdict(BRIDGE, **NOT_RUN)],
        {},
        "unproved",
        "Nothing was proved, so nothing is recommended.",
        "",
    ),
    "no way": (
        [],
        {},
        "no_way",
        "There is no way to try: nothing in Keras 3.15.1 reads",
        "tf.keras of TensorFlow 2.15.1",
    ),
    "models disagree": (
        [verdict(LOAD), verdict(LOAD, **FAILS, model="rnn"), verdict(BESIDE, **LOST), verdict(BESIDE, model="rnn")],
        TWO,
        "disagree",
        "No way keeps everything for all 2 models.",
        "Use tf_keras 2.21.0 (load_model) for rnn: everything is kept there, for 1 of 2.",
    ),
    "one model is lost": (
        [verdict(LOAD), verdict(LOAD, **LOST, model="rnn")],
        TWO,
        "disagree",
        "No way keeps everything for all 2 models.",
        "For rnn no way keeps everything.",
    ),
    "a model is left out": (
        [verdict(LOAD)],
        TWO,
        "disagree",
        "No way keeps everything for all 2",
        "For rnn no way keeps",
    ),
    "many": (MANY, {"models": ["mlp", "m0", "m1", "m2"]}, "partly", "No way keeps everything.", ""),
}


def case(name):
    verdicts, changes, *_ = CASES[name]
    return answered(*verdicts, **changes)


@pytest.mark.parametrize("name", CASES)
def test_the_first_sentence_is_the_recommendation(name):
    _, _, kind, begins, says = CASES[name]
    made = case(name)
    said = " ".join(made["answer"]["sentences"])
    assert made["answer"]["case"] == kind and said.startswith(begins) and says in said, said
    assert (made["answer"]["way"] is None) == (kind in ("none", "not_run", "unproved", "no_way"))


@pytest.mark.parametrize("name", CASES)
def test_the_json_has_its_schema(name):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(case(name))))


class Visible(html.parser.HTMLParser):
    """The text of a page, without its style."""

    def __init__(self, page):
        super().__init__()
        self.parts, self.hidden = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        self.parts += [] if self.hidden else [data]


def words(*parts):
    return re.sub(r"\s+", " ", " ".join(parts)).strip()


@pytest.mark.parametrize("name", CASES)
def test_text_page_and_json_say_the_same(name):
    made = case(name)
    shown = {"text": words(text(made)), "page": words(*Visible(page(made)).parts)}
    said = [words(*made["answer"]["sentences"]), made["question"]["words"]]
    said += [part for way in made["ways"] for part in (way["title"], words(way["sentence"]))]
    if made["answer"]["way"] is not None:
        steps = made["ways"][made["answer"]["way"]]["code"]
        said += [words(part) for step in steps for part in (step["pip"], *(step["lines"] or []))]
    for where, whole in shown.items():
        assert [part for part in said if part not in whole] == [], where
        places = [whole.index(way["title"]) for way in made["ways"]]
        assert len(places) == len(made["ways"]) <= 5
    assert shown["text"].startswith(said[0])


def test_what_is_not_shown_is_counted():
    others = ["build_load_weights", "load_weights_by_name", "load_weights_of_model", "load_weights_skip_mismatch"]
    lost = [("weights",), ("architecture",), ("optimizer_state",), ("compile_config",)]
    verdicts = [verdict({"loader": name}, lost=what) for name, what in zip(others, lost, strict=True)]
    verdicts += [verdict(LOAD, **FAILS), verdict(UNCOMPILED, lost=("weights", "optimizer_state")), verdict(BESIDE)]
    made = answered(*verdicts, verdict({**LOAD, "loader": "load_model_custom_objects"}, **FAILS))
    assert (len(made["ways"]), len(made["more"])) == (module.SHOWN, 2) and made["counts"]["ways"] == 8
    assert "Not shown: 3 more ways with 2 other results." in text(made)
    folded = Visible(page(made)).parts
    assert "3 more ways with 2 other results" in folded and made["more"][-1]["title"] in folded


def test_the_best_way_is_first_and_what_loses_the_model_comes_after_what_loses_the_optimizer():
    ways = [verdict(BRIDGE, **FAILS), verdict(LOAD, **WRONG), verdict(UNCOMPILED, **LOST), verdict(BESIDE, **UNPROVED)]
    made = answered(*ways)
    statuses = [way["models"]["mlp"]["status"] for way in made["ways"]]
    assert statuses == ["loses", "loses", "fails", "unproved"]
    assert made["ways"][0]["steps"][0]["loader"] == "load_model_no_compile"


def test_ways_with_the_same_result_are_together_the_one_that_needs_least_first():
    made = answered(verdict(BRIDGE, **LOST), verdict(UNCOMPILED, **LOST))
    (way,) = made["ways"]
    assert way["kind"] == "straight" and len(way["same"]) == 1 and "saved again" in way["same"][0]


def test_a_loss_without_a_message_is_said_to_be_silent():
    silent = answered(verdict(UNCOMPILED, **LOST))["ways"][0]["sentence"]
    loud = verdict(UNCOMPILED, **LOST)
    loud["facets"]["optimizer_state"]["announced"] = ["starting with a freshly initialized optimizer"]
    assert "and no message says so" in silent
    assert "no message" not in answered(loud)["ways"][0]["sentence"]


def test_a_part_of_the_optimizers_state_is_not_said_to_be_all_of_it():
    part = verdict(UNCOMPILED, **LOST)
    part["facets"]["optimizer_state"]["differing"] = 1
    assert "A part of the optimizer's state is lost" in answered(part)["ways"][0]["sentence"]


def test_what_could_not_be_compared_is_not_said_to_be_kept():
    compared = [name for name in facets.every() if name != "resume_trajectory"]
    made = answered(verdict(LOAD, compared=compared))
    said = " ".join(made["answer"]["sentences"])
    assert "keeps all that could be compared (resumed training could not)" in said and "keeps everything" not in said


def test_every_facet_and_every_status_has_words():
    assert set(sentences.MEANS) == set(facets.every())
    assert set(sentences.SENTENCES) == set(STATUSES)
