"""Configuration: schema, defaults, and suggestions for misspelt ids."""

import re

import pytest
import yaml
from helpers.runtimes import RUNTIMES, environments

from host import schemas
from host.report import expectations
from host.select import configuration, matrix, runtimes, selection


@pytest.mark.parametrize("name", ["config", "wide", "full", "versions", "published"])
def test_the_committed_configuration_is_valid(name):
    known = runtimes.known(environments())
    file = f"config/{name}.yaml"
    assert configuration.resolve(schemas.load_yaml(file), known, file)
    assert expectations.load("config/expectations.yaml")


@pytest.fixture
def including(tmp_path):
    """Resolves a configuration that includes a file of this content."""

    def resolve(content, block=None):
        (tmp_path / "other.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        config = {"include": ["other.yaml"], "matrix": [block] if block else []}
        return configuration.resolve(config, RUNTIMES, str(tmp_path / "mine.yaml"))

    return resolve


def test_the_matrix_of_an_included_file_belongs_to_ours(including):
    other = {"producers": ["tf2.21-keras2"], "models": ["mlp_functional"], "formats": ["h5"]}
    blocks = including({"matrix": [other]}, dict(other, formats=["keras_archive"]))
    assert [block["formats"] for block in blocks] == [["keras_archive"], ["h5"]]
    assert [block["formats"] for block in including({"matrix": [other]})] == [["h5"]]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"matrix": [{"formats": ["h55"]}]}, "other.yaml, matrix[0].formats: "),
        ({"matrix": [{}], "seed": 3}, "mine.yaml, include[0]: "),
        ({"matrix": [{}], "dataset": "mnist"}, "holds another dataset"),
        (["matrix"], "holds no mapping"),
    ],
)
def test_a_fault_of_an_included_file_names_it(including, content, text):
    with pytest.raises(schemas.ConfigError, match=re.escape(text)):
        including(content)


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        ("all", "tf1.15-keras2 tf2.10-keras2 tf2.10-keras3 keras3.8-keras3"),
        ("tf2.10-keras3", "tf2.10-keras3"),
        (["tf2.10-keras3", "tf1.15-keras2"], "tf2.10-keras3 tf1.15-keras2"),
        ("tf*-keras2", "tf1.15-keras2 tf2.10-keras2"),
        (["tf2.10-keras3", "tf*"], "tf2.10-keras3 tf1.15-keras2 tf2.10-keras2"),
        (["all", "!tf1.*"], "tf2.10-keras2 tf2.10-keras3 keras3.8-keras3"),
        (["!tf1.*", "!*-keras2"], "tf2.10-keras3 keras3.8-keras3"),
        (["!tf2.10-keras2", "tf2.*"], "tf2.10-keras3"),
    ],
)
def test_selections(chosen, ids):
    known = ["tf1.15-keras2", "tf2.10-keras2", "tf2.10-keras3", "keras3.8-keras3"]
    assert selection.select(chosen, known, "my.yaml") == ids.split()


def test_globs_are_taken_on_every_axis():
    globs = {"modifiers": "n?ne", "formats": "*_h5", "loaders": "load_*", "uses": ["resume*"], "consumers": "*-keras2"}
    (block,) = configuration.resolve({"matrix": [{"producers": "*-keras3", "models": "lstm_*", **globs}]}, RUNTIMES)
    assert block["producers"] == ["tf2.21-keras3"] and block["consumers"] == {"tf2.21-keras3": ["tf2.21-keras2"]}
    assert block["models"] == ["lstm_bidirectional"] and block["modifiers"] == ["none"]
    assert {"weights_h5", "keras_after_h5"} <= set(block["formats"]) and "h5" not in block["formats"]
    assert "load_model" in block["loaders"] and block["uses"] == ["resume", "resume_reseeded"]


def test_without_producers_the_users_environment_writes():
    own = runtimes.known(environments(), own=["tf2.18"])
    (block,) = configuration.resolve({"matrix": [{"models": "dense_regression"}]}, own)
    assert block["producers"] == ["tf2.18-keras3", "tf2.18-keras2", "tf2.18-keras2_graph", "tf2.18-tf1"]
    (block,) = configuration.resolve({"matrix": [{"producers": "tf2.15-keras2", "pairs": "upgrade"}]}, own)
    assert block["producers"] == ["tf2.15-keras2"] and "tf2.18-keras3" in block["consumers"]["tf2.15-keras2"]


def test_without_producers_the_newest_keras_3_and_tf_keras_write():
    every = runtimes.known(environments())
    (block,) = configuration.resolve({"matrix": [{"models": "dense_regression"}]}, every)
    assert block["producers"] == ["tf2.21-keras3", "tf2.21-keras2"]
    (block,) = configuration.resolve({"matrix": [{"producers": "all"}]}, every)
    assert block["producers"] == list(every)
    (block,) = configuration.resolve({"matrix": [{"pairs": "upgrade"}]}, every)
    assert "tf2.15-keras2" in block["producers"]


def test_a_matrix_without_a_cell_is_refused_with_the_nearest_reason():
    given = {"matrix": [{"producers": "tf2.21-keras3", "formats": "saved_model"}]}
    cells, excluded = matrix.expand(configuration.resolve(given, RUNTIMES), RUNTIMES)
    message = r"my\.yaml, matrix: none of the selected cells .* \(keras3 has no format saved_model"
    with pytest.raises(schemas.ConfigError, match=message):
        configuration.refuse_nothing(cells, excluded, "my.yaml")
    configuration.refuse_nothing(["a cell"], excluded, "my.yaml")


def test_defaults_are_filled_in_place():
    given = {"matrix": [{}]}
    configuration.resolve(given, RUNTIMES)
    assert given["epochs"] == {"before": 10, "after": 2} and given["limits"]["seconds"] == 300


def test_all_is_resolved_and_modifiers_default_to_none():
    (block,) = configuration.resolve({"matrix": [{}]}, RUNTIMES)
    assert block["producers"] == list(RUNTIMES) and block["modifiers"] == ["none"] and "h5" in block["formats"]


@pytest.mark.parametrize(
    ("given", "readers"),
    [
        ({"pairs": "upgrade", "producers": ["tf2.21-keras2"]}, {"tf2.21-keras2": ["tf2.21-keras3"]}),
        ({"pairs": [["tf2.21-keras3", "tf2.21-keras2"]]}, {"tf2.21-keras3": ["tf2.21-keras2"]}),
        ({"pairs": [["*-keras2", "tf2.21-*"]]}, {"tf2.21-keras2": ["tf2.21-keras3", "tf2.21-keras2"]}),
        ({"pairs": [["tf2.21-keras2", "*"], ["*2", "*2"]]}, {"tf2.21-keras2": ["tf2.21-keras3", "tf2.21-keras2"]}),
        ({"consumers": ["tf2.21-keras3"]}, dict.fromkeys(RUNTIMES, ["tf2.21-keras3"])),
        ({}, {r: [r] for r in RUNTIMES}),
    ],
)
def test_who_reads_is_resolved(given, readers):
    (block,) = configuration.resolve({"matrix": [given]}, RUNTIMES)
    assert block["consumers"] == readers and block["producers"] == list(readers)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"matrix": [{"formats": ["keras_archiv"]}]}, ['no "keras_archiv"', "keras_archive", "matrix[0].formats"]),
        ({"matrix": [{"producers": ["tf2.21-keras"]}]}, ['no "tf2.21-keras"', 'Did you mean "tf2.21-keras']),
        ({"matrix": [{"models": "lstn_*"}]}, ['nothing matches "lstn_*"', '"lstm_bidirectional"', "matrix[0].models"]),
        ({"matrix": [{"models": ["all", "!lstn_*"]}]}, ['nothing matches "lstn_*"', '"lstm_bidirectional"']),
        (
            {"matrix": [{"uses": ["resume", "!resum?"]}]},
            ["matrix[0].uses", "no id remains of resume", "begins with !"],
        ),
        ({"matrix": [{"consumers": "tf2.21-keras?_graph"}]}, ["matrix[0].consumers", "Did you mean"]),
        ({"matrix": [{"pairs": [["tf2.21-*", "tf1.*"]]}]}, ["matrix[0].pairs[0]", 'nothing matches "tf1.*"']),
        ({"matrix": [{"pairs": "upgrad"}]}, ["matrix[0].pairs", 'Did you mean "upgrade"?']),
        ({"matrix": [{"pairs": "same", "consumers": "all"}]}, ["matrix[0]", "`consumers` and `pairs`"]),
        ({"matrix": [{"pairs": [["tf2.21-keras2", "tf2.21-keras"]]}]}, ["matrix[0].pairs[0]", "Did you mean"]),
        ({"matrix": [{"pairs": [["tf2.21-keras2"]]}]}, ["matrix[0].pairs[0]", "too short"]),
        ({"matrix": [{"pairs": [["tf2.21-keras2"] * 2], "producers": "all"}]}, ["Remove `producers`"]),
        ({"matrix": [{"pairs": "upgrade", "producers": ["tf2.21-keras3"]}]}, ["upgrade pairs no runtime"]),
        ({"matrix": [{"usess": ["resume"]}]}, ["usess", 'Did you mean "uses"?']),
        ({"matrix": []}, ["matrix"]),
        ({"matrix": [{"formats": []}]}, ["matrix[0].formats", "non-empty"]),
        ({}, ["matrix"]),
        ({"matrix": [{}], "epochs": {"before": 7}}, ["epochs.before", "multiple of 5"]),
        ({"matrix": [{}], "dataset": "cifar"}, ["dataset", "cifar"]),
        ({"matrix": [{}], "limits": {"secnds": 3}}, ["secnds", 'Did you mean "seconds"?']),
    ],
)
def test_bad_input_names_the_key_and_the_remedy(given, words):
    with pytest.raises(schemas.ConfigError) as error:
        configuration.resolve(given, RUNTIMES, "my.yaml")
    assert all(word in str(error.value) for word in ["my.yaml", *words]), error.value
    assert re.fullmatch(r"my\.yaml(, [a-z]\S*)?: .+\. .+[.?]", str(error.value)), (
        "file, key: what is wrong. What to do."
    )


def test_malformed_yaml_names_the_file(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text("a: [1")
    with pytest.raises(schemas.ConfigError, match=r"broken\.yaml: not valid YAML"):
        schemas.load_yaml(file)
    with pytest.raises(schemas.ConfigError, match="cannot be read"):
        schemas.load_yaml(tmp_path / "absent.yaml")


ENTRY = {
    "match": {"api": "keras3", "format": "h5", "use": "resume"},
    "verdict": "broken",
    "message": "Unknown variable",
    "reason": "Optimizer variables are restored too early.",
    "link": "https://example.org/1",
    "review": "2027-01-01",
}


def verdict(**changes):
    found = {
        "cell": {
            "producer": "tf2.21-keras3",
            "model": "dense_regression",
            "modifier": "none",
            "format": "h5",
            "consumer": "tf2.21-keras3",
            "loader": "load_model",
            "use": "resume",
        },
        "verdict": "broken",
        "error": {"message": "Unknown variable: <Variable path=x>"},
        "warnings": [],
        "facets": {},
    }
    return found | changes


def judged(entry, found):
    """The note; the verdict stays what it is."""
    before = found["verdict"]
    (result,) = expectations.judge([found], [entry], RUNTIMES)
    assert result["verdict"] == before
    assert (result["expectation"] is entry) is (result["note"] in ("known", "fixed"))
    return result["note"]


def test_as_expected_is_known():
    assert judged(ENTRY, verdict()) == "known"


@pytest.mark.parametrize(
    ("message", "note"),
    [
        ([{"words": "Unknown variable", "keras": ">=3.15"}, {"words": "No such words"}], "known"),
        ([{"words": "Unknown variable"}, {"words": "No such words", "keras": "<3.15"}], "known"),
        ([{"words": "No such words", "keras": ">=3.15"}, {"words": "Unknown variable"}], "new"),
        ([{"words": "Unknown variable", "keras": "<3.15"}, {"words": "No such words", "consumer": "old"}], "new"),
    ],
)
def test_of_several_wordings_the_one_that_is_said_here_must_be_met(message, note):
    assert judged(ENTRY | {"message": message}, verdict()) == note


def test_good_again_is_fixed():
    assert judged(ENTRY, verdict(verdict="kept", error=None)) == "fixed"


@pytest.mark.parametrize("changes", [{"verdict": "silent_loss"}, {"error": {"message": "Segmentation fault"}}])
def test_bad_in_another_way_is_new(changes):
    assert judged(ENTRY, verdict(**changes)) == "new"


@pytest.mark.parametrize("other", ["not_promised_lost", "not_promised_fails", "not_run", "unproved"])
def test_what_is_not_bad_has_no_note(other):
    assert judged(ENTRY, verdict(verdict=other)) == "none"


@pytest.mark.parametrize(
    "match",
    [{"api": "keras2"}, {"keras": "<3.4"}, {"tensorflow": "<2.21"}, {"trait": "rnn"}, {"model": ["lstm*", "gru*"]}],
)
def test_other_axes_do_not_match(match):
    assert judged(ENTRY | {"match": match}, verdict()) == "new"


@pytest.mark.parametrize("match", [{"keras": ">=3.4,<4"}, {"model": "dense_*"}, {"trait": "functional"}])
def test_globs_ranges_and_traits_match(match):
    assert judged(ENTRY | {"match": match}, verdict()) == "known"


def test_exceptions_do_not_match():
    assert judged(ENTRY | {"except": {"model": "dense_*"}}, verdict()) == "new"


def test_expected_facets_must_be_lost():
    lost = {"optimizer_state": {"status": "missing", "promised": True}}
    entry = {k: v for k, v in ENTRY.items() if k != "message"} | {"verdict": "silent_loss"}
    found = verdict(verdict="silent_loss", error=None, facets=lost)
    assert judged(entry | {"facets": ["optimizer_state"]}, dict(found)) == "known"
    assert judged(entry | {"facets": ["weights"]}, dict(found)) == "new"


LOSS = {"status": "different", "promised": True}


@pytest.mark.parametrize(
    ("lost", "named", "note"),
    [
        ((), None, "known"),
        (("optimizer_state",), None, "new"),
        (("optimizer_state",), ["optimizer_state"], "known"),
        ((), ["optimizer_state"], "new"),
        # evaluation does not rest on the optimizer: another loss
        (("optimizer_state", "evaluation"), ["optimizer_state"], "new"),
        (("optimizer_state", "evaluation"), ["optimizer_state", "evaluation"], "known"),
        (("weights", "evaluation", "predictions"), ["weights"], "known"),
    ],
)
def test_what_a_failed_use_lost_before_must_be_named(lost, named, note):
    entry = ENTRY | ({"facets": named} if named else {})
    assert judged(entry, verdict(stage="use", facets=dict.fromkeys(lost, LOSS))) == note


def test_a_loss_follows_from_another_only_where_it_rests_on_it():
    def first(*lost):
        return expectations.first_lost({"facets": dict.fromkeys(lost, LOSS)})

    assert first("rng_state", "resume_trajectory") == {"rng_state"}
    assert first("evaluation", "resume_trajectory") == {"evaluation"}
    assert first("optimizer_config", "predictions") == {"optimizer_config", "predictions"}
    assert first("resume_trajectory") == {"resume_trajectory"}


def test_another_loss_beside_the_expected_one_is_not_excused():
    lost = {f: {"status": "different", "promised": True} for f in ("optimizer_state", "weights", "resume_trajectory")}
    entry = {k: v for k, v in ENTRY.items() if k != "message"} | {"verdict": "silent_loss"}
    found = verdict(verdict="silent_loss", error=None, facets=lost)
    assert judged(entry | {"facets": ["optimizer_state"]}, dict(found)) == "new"
    assert judged(entry | {"facets": ["optimizer_state", "weights"]}, dict(found)) == "known"


@pytest.mark.parametrize(
    "spoil",
    [
        {"link": "http://x"},
        {"verdict": "kept"},
        {"verdict": "not_promised_fails"},
        {"review": "soon"},
        {"match": {}},
        {"mach": 1},
        {"message": "Unknown"},
        {"message": [{"words": "Unknown variable"}]},
        {"message": [{"words": "Unknown variable"}, {"words": "Unknown optimizer"}]},
        {"message": [{"words": "Unknown", "keras": ">=3"}, {"words": "Unknown variable"}]},
        {"verdict": "silent_loss"},
    ],
)
def test_a_malformed_expectation_is_refused(tmp_path, spoil):
    file = tmp_path / "expectations.yaml"
    file.write_text(yaml.safe_dump([ENTRY | spoil]))
    with pytest.raises(schemas.ConfigError, match=r"expectations\.yaml"):
        expectations.load(file)
