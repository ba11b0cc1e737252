"""The schemas of records: writing an undeclared key is an error, and both checkers agree."""

import copy

import jsonschema
import numpy as np
import pytest
from helpers import verdicts
from hypothesis import given
from hypothesis import strategies as st

from host.judge import facets
from host.judge import records as judge_records
from roundtrip import records, schema
from roundtrip.record import Record, write_json
from warmstep import evidence, supervise

DONE = {"cell": {"producer": "tf2.21-keras3"}, "outcome": "done", "diagnostics": [], "seconds": {"total": 1.0}}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.sampled_from(["a", "done", "rng"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
SCHEMAS = st.recursive(
    st.sampled_from(
        [{}, {"type": "string"}, {"type": ["number", "null"]}, {"type": "integer"}, {"type": "boolean"}]
        + [{"enum": ["a", 1, None]}, {"type": "string", "enum": ["done"]}]
    ),
    lambda inner: (
        st.builds(lambda items: {"type": "array", "items": items}, inner)
        | st.builds(
            lambda properties, required, others: {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": others,
            },
            st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            st.lists(st.sampled_from("ab"), unique=True, max_size=1),
            st.just(False) | inner,
        )
    ),
    max_leaves=6,
)


def allowed(value, rules):
    try:
        schema.check(value, rules)
    except schema.Undeclared:
        return False
    return True


@given(VALUES, SCHEMAS)
def test_the_writer_s_checker_agrees_with_jsonschema(value, rules):
    # the writer's checker is stricter in one thing: to JSON Schema 1.0 is an integer too
    strict = jsonschema.validators.extend(
        jsonschema.Draft202012Validator,
        type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
            "integer", lambda checker, item: isinstance(item, int) and not isinstance(item, bool)
        ),
    )
    if "enum" not in str(rules):  # Python's 1 == True == 1.0
        assert allowed(value, rules) == strict(rules).is_valid(value)


@pytest.mark.parametrize("kind", records.SCHEMAS)
def test_each_schema_is_a_schema(kind):
    jsonschema.Draft202012Validator.check_schema(records.SCHEMAS[kind])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"peak_memory_mb": 3}, "'peak_memory_mb' is not declared"),
        ({"outcome": "fine"}, "'fine' is not one of"),
        ({"seconds": {"load": "1"}}, "seconds.load: a str"),
        ({"diagnostics": [{"message": "m"}]}, "source, category is missing"),
        ({"evaluation": {"loss": None}}, "evaluation.loss"),
        ({"usage": {"peak": 1}}, "'peak' is not declared"),
    ],
)
def test_what_is_not_declared_is_an_error_where_it_is_written(tmp_path, change, words):
    record = Record("observed", DONE["cell"])
    record.facts.update(copy.deepcopy(DONE), **change)
    with pytest.raises(schema.Undeclared, match=words):
        record.write(str(tmp_path), "observed")
    assert not list(tmp_path.iterdir())
    write_json(str(tmp_path / "observed.json"), record.facts)
    with pytest.raises(judge_records.RecordError, match="observed.json"):
        judge_records.read("observed", str(tmp_path / "observed.json"))


def test_what_is_left_of_a_step_that_died_is_a_record_too(tmp_path):
    write_json(str(tmp_path / "cell.json"), DONE["cell"])
    (tmp_path / "stage.txt").write_text("load")
    options = {"out": str(tmp_path), "result": "observed", "timeout": 3.0, "memory": 5.0}
    evidence.write(options, supervise.End(0, "memory", 6e6, 1.5))
    facts = judge_records.read("observed", str(tmp_path / "observed.json"))
    assert facts["cell"] == DONE["cell"] and facts["error"]["resident_bytes"] == 6e6
    assert sorted(p.name for p in tmp_path.iterdir()) == ["observed.json", "observed.npz"]


@pytest.mark.parametrize(("outcome", "refused"), [("done", True), ("crashed", False), ("unbuildable", False)])
def test_only_a_step_that_never_began_may_not_know_its_path(outcome, refused):
    facts = dict(DONE, cell=None, outcome=outcome)
    if refused:
        with pytest.raises(judge_records.RecordError, match="producer is None"):
            judge_records.belongs(facts, {"producer": "tf2.21-keras3"}, "x.json")
    else:
        judge_records.belongs(facts, {"producer": "tf2.21-keras3"}, "x.json")


def test_arrays_of_another_record_are_refused(tmp_path):
    record = Record("observed", DONE["cell"])
    record.facts.update(copy.deepcopy(DONE), state=record.state([{"name": "w", "role": "trainable", "value": [1.0]}]))
    record.write(str(tmp_path), "observed")
    path = str(tmp_path / "observed.json")
    judge_records.refuse_lacking(record.facts, judge_records.arrays_beside(path), path)
    np.savez(tmp_path / "observed.npz", other=np.zeros(1))
    with pytest.raises(judge_records.RecordError, match="lacks 1 of its arrays"):
        judge_records.refuse_lacking(record.facts, judge_records.arrays_beside(path), path)


@pytest.mark.parametrize("name", facets.every())
def test_a_facet_declares_what_the_page_and_the_contract_need(name):
    facet = facets.every()[name]
    assert facet.MEANING.endswith(".") and facet.MUST_BE and isinstance(facet.ORDER, int)
    assert set(facet.RESTS_ON) <= set(facets.every()) and name not in facets.roots(name)[1:]
    assert facet.ANNOUNCED_BY or facet.RESTS_ON or facet.OWED or name == "http_answers"


def test_no_two_facets_stand_in_one_place():
    orders = [facet.ORDER for facet in facets.every().values()]
    assert len(set(orders)) == len(orders) == len(facets.every())


def test_the_made_up_verdicts_hold_what_a_verdict_holds():
    """The tests of the report must not invent keys: what no judge writes would hide what no page shows."""
    for verdict in verdicts.verdicts(300):
        schema.check(verdict, records.SCHEMAS["verdict"], "verdict")
