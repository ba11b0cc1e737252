"""Findings: what ties cells together, since which version, the ways around, and what a finding says."""

import datetime

import pytest
from helpers import verdicts as fake

from host import schemas
from host.findings import around, find, ties, versions, wording
from host.report import cells as cells_

K3, K38, K311 = "tf2.21-keras3", "keras3.8-keras3", "keras3.11-keras3"
VERSIONS = {K3: "3.15.1", K38: "3.8.0", K311: "3.11.3"}
ENTRY = {"match": {"format": "h5"}, "verdict": "broken", "message": "Unknown variable", "review": "2027-01-01"}
LINK = "https://github.com/keras-team/keras/issues/1"
UNBUILT = {"id": "unbuilt", "name": "The optimizer is not built"}
TUPLES = {"id": "tuples", "name": "A tuple comes back as a list"}


def cell(model="m", format_="h5", loader="load_model", use="resume", runtime=K3, **changes):
    """A judged cell that is kept; ``lost`` are promised facets that are lost, ``error`` is a message at a stage."""
    lost, error, entry = (changes.pop(key, None) for key in ("lost", "error", "entry"))
    statuses = dict.fromkeys(("weights", "optimizer_state"), "identical") | dict.fromkeys(lost or (), "different")
    axes = (runtime, model, "none", format_, runtime, loader, use)
    verdict = {
        "cell": dict(zip(fake.AXES, axes, strict=True)),
        "verdict": "broken" if error else "silent_loss" if lost else "kept",
        "outcome": "refused" if error else "loaded",
        "stage": error and error[0],
        "error": error and {"type": "ValueError", "message": error[1]},
        "promised": dict.fromkeys(statuses, True),
        "facets": {} if error else {n: {"status": s, "promised": True, "relevant": True} for n, s in statuses.items()},
        "titles": {"format": f"whole model, .{format_}"},
        "warnings": [],
        "files": [{"size": 100}],
        "expectation": None if entry is None else {**ENTRY, "reason": "Not built. It raises.", "link": LINK, **entry},
        **changes,
    }
    verdict["note"] = "known" if verdict["expectation"] else "new" if error or lost else "none"
    return cells_.complete(verdict) | {"versions": dict.fromkeys(("producer", "consumer"), VERSIONS[runtime])}


def found(*cells):
    """The findings of these cells, which the schema of findings.json describes."""
    findings = find.find(list(cells))
    schemas.validate(find.document(cells, findings, datetime.date(2026, 11, 22)), "findings", "findings.json")
    return findings


def test_nothing_bad_is_no_finding():
    assert found(cell()) == []


def test_the_expectation_is_the_strongest_tie():
    one, other = {"findings": [UNBUILT]}, {"findings": [UNBUILT], "reason": "Another case of it."}
    (finding,) = found(
        cell("a", error=("use", "Unknown variable: x"), entry=one), cell("b", lost=["weights"], entry=other), cell("c")
    )
    assert (finding["id"], finding["note"], len(finding["cells"])) == ("unbuilt", "known", 2)
    assert finding["why"] == ["Not built. It raises.", "Another case of it."]
    assert finding["models"] == ["a", "b"]


def test_a_cell_of_two_faults_belongs_to_both_and_tells_only_of_the_last():
    both = cell("b", error=("use", "x"), entry={"findings": [UNBUILT, TUPLES], "reason": "In addition, a list."})
    only = cell("a", error=("use", "x"), entry={"findings": [UNBUILT], "link": LINK + "0"})
    unbuilt, tuples = found(both, only)
    assert (unbuilt["id"], len(unbuilt["cells"]), unbuilt["why"]) == ("unbuilt", 2, ["Not built. It raises."])
    assert unbuilt["upstream"] == {"state": "reported", "links": [LINK + "0"]}
    assert (tuples["id"], tuples["why"], tuples["upstream"]["links"]) == ("tuples", ["In addition, a list."], [LINK])


def test_an_entry_without_a_finding_is_a_finding_of_its_own():
    (finding,) = found(cell("a", error=("use", "x"), entry={}), cell("b", error=("load", "y"), entry={}))
    assert finding["name"] == "Not built" and finding["id"].startswith("not-built-")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("load", "Unknown layer: 'Scale'. Use custom_objects"), ("load", "Unknown layer: 'Other'. Use them"), True),
        (("load", "Expected 2 layers, found 3"), ("load", "Expected 5 layers, found 14"), True),
        (("load", "cannot open /tmp/a/b.h5"), ("load", "cannot open /data/x/y/z.h5"), True),
        (
            ("use", "in user code:\n  File 'x', line 1\n  TypeError: f"),
            ("use", "in user code:\n\n  TypeError: f"),
            True,
        ),
        (("load", "Unknown layer: 'Scale'"), ("use", "Unknown layer: 'Scale'"), False),
        (("load", "Unknown layer: 'Scale'"), ("load", "Shape mismatch in layer 'Scale'"), False),
    ],
)
def test_exceptions_that_differ_in_names_paths_and_numbers_are_alike(one, other, alike):
    findings = found(cell("a", error=one), cell("b", format_="keras_archive", error=other))
    assert (len(findings) == 1) is alike


def test_losses_are_alike_if_the_layout_and_the_facets_are():
    findings = found(
        cell("a", lost=["weights"]),
        cell("b", format_="model_checkpoint_whole_h5", lost=["weights"]),  # another format, the same layout
        cell("c", format_="keras_archive", lost=["weights"]),
        cell("d", lost=["optimizer_state"]),
    )
    assert sorted(len(finding["cells"]) for finding in findings) == [1, 1, 2]


def test_apis_are_apart():
    other = cell("b", error=("load", "the same words"))
    other["cell"] |= {"producer": "tf2.21-keras2", "consumer": "tf2.21-keras2"}
    assert len(found(cell("a", error=("load", "the same words")), other)) == 2


def test_an_id_depends_on_the_cell_alone_and_has_no_odd_character():
    hostile = cell(error=("load", "größe </script> ../../etc: \x00 x"))
    (tie,) = ties.ties(hostile)
    assert found(hostile)[0]["id"] == tie["id"] == found(cell("z", lost=["weights"]), hostile)[-1]["id"]
    assert set(tie["id"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_what_is_new_comes_first_then_what_has_most_cells():
    known = [cell(m, error=("load", "x"), entry={"findings": [UNBUILT]}) for m in "abc"]
    few = [cell(m, error=("load", "x"), entry={"findings": [TUPLES]}) for m in "de"]
    assert [f["id"] for f in found(*few, *known)] == ["unbuilt", "tuples"]
    assert [f["note"] for f in found(*few, *known, cell("f", lost=["weights"]))] == ["new", "known", "known"]


# --- versions


def range_of(*cells):
    return found(*cells)[0]["versions"][0]


def test_a_version_is_proved_where_the_same_path_was_kept_in_another():
    facts = range_of(cell(lost=["weights"], runtime=K311), cell(runtime=K38), cell(runtime=K3))
    assert facts["since"] == {"bad": "3.11.3", "kept": "3.8.0"}
    assert facts["until"] == {"bad": "3.11.3", "kept": "3.15.1"}
    assert (
        versions.text(facts) == "Keras 3: since 3.11.3 (3.8.0 keeps it), until 3.11.3 (3.15.1 keeps it), seen in 3.11.3"
    )


def test_another_path_proves_no_version():
    facts = range_of(cell(lost=["weights"]), cell("other", runtime=K38), cell(use="evaluate", runtime=K38))
    assert facts["since"] is None and facts["until"] is None and facts["seen"] == ["3.15.1"]


def test_the_range_of_the_expectation_is_said():
    entry = {"findings": [UNBUILT], "match": {"keras": "<3.10,>=3.4", "producer_keras": "==3.8.*"}}
    facts = range_of(cell(error=("load", "x"), entry=entry))
    assert facts["range"] == "read by Keras since 3.4, before 3.10, written by Keras in 3.8.*"
    without = {"findings": [UNBUILT]}
    two = range_of(cell("a", error=("load", "x"), entry=entry), cell("b", error=("load", "x"), entry=without))
    assert two["range"] is None, "one of the entries gives none"


# --- ways around


def test_a_way_around_has_the_same_model_runtimes_and_use_and_keeps_all_that_is_promised():
    bad = cell("a", lost=["weights"])
    way = cell("a", "keras_archive")
    others = [
        cell("b", "keras_archive"),
        cell("a", "keras_archive", use="evaluate"),
        cell("a", "json", lost=["weights"]),
    ]
    others += [cell("a", "onnx", error=("load", "x")), cell("a", "keras_archive", runtime=K38)]
    uncompared = cell("a", "config")
    uncompared["facets"] = {"weights": {"status": "not_compared"}}
    assert around.around(bad, [bad, *others, uncompared, way]) == [way]


def test_of_several_ways_the_one_that_lost_nothing_is_first_then_the_same_format():
    bad = cell(lost=["weights"])
    seeds = cell(loader="load_model_unsafe")
    seeds["gone"] = ["rng_state"]
    same, loader = cell(loader="load_model_custom_objects"), cell(format_="keras_archive")
    assert around.around(bad, [loader, seeds, same]) == [same, loader, seeds]
    rescue = cell(loader="rescue")
    assert around.around(bad, [rescue, same]) == [same, rescue], "nothing needs to be copied for the first"


def test_a_finding_lists_the_way_that_works_for_most_of_its_cells():
    bad = [cell(m, lost=["weights"]) for m in "abc"]
    ways = [cell(m, "keras_archive") for m in "ab"] + [cell("c", "weights_h5", "build_optimizer_load_weights")]
    (finding,) = found(*bad, *ways)
    assert [(w["format"], w["works"], w["of"]) for w in finding["around"]] == [
        ("keras_archive", 2, 3),
        ("weights_h5", 1, 3),
    ]
    assert '`model.save("model.keras")`' in finding["around"][0]["steps"][0]
    assert "load_weights(path)" in finding["around"][1]["steps"][1]


def test_without_a_way_none_is_claimed():
    assert found(cell(lost=["weights"]), cell("b"))[0]["around"] == []


# --- what a finding says


def test_the_sentence_says_what_is_lost_and_when():
    (finding,) = found(cell(error=("use", "Unknown variable")))
    assert finding["lost"] == (
        "`.h5` of Keras 3: Loads, then fails at the first training step."
        " The documentation promises that training resumes."
    )
    (lossy,) = found(cell(use="evaluate", lost=["weights"]))
    assert lossy["lost"].startswith("`.h5` of Keras 3: Loads without a message, but this is wrong: weights.")
    assert lossy["lost"].endswith("The documentation promises that the model can be evaluated.")


def test_formats_that_end_alike_share_a_sentence():
    entry = {"findings": [UNBUILT]}
    some = [cell("a", f, error=("save", "x"), entry=entry) for f in ("h5", "keras_archive")]
    assert wording.lost(some).startswith("`.h5` and `.keras_archive` of Keras 3: Saving fails with an error.")


def test_what_upstream_says_is_what_was_declared():
    def upstream(**more):
        return found(
            cell(error=("load", "x"), entry={"findings": [{**UNBUILT, **more}], "link": "https://x.org/f.py"})
        )[0]

    assert upstream()["upstream"] == {"state": "unknown", "links": []}
    assert upstream(intended=LINK)["upstream"] == {"state": "intended", "links": [LINK]}
    assert upstream(reported=[LINK])["upstream"] == {"state": "reported", "links": [LINK]}
    searched = {"searched": "optimizer not built", "day": "2026-11-22"}
    assert upstream(unreported=searched)["upstream"] == {
        "state": "unreported",
        "links": ["https://x.org/f.py"],
        **searched,
    }


def test_the_reproduction_is_of_the_smallest_cell_of_the_newest_version():
    small = cell("small", lost=["weights"], files=[{"size": 5}])
    old = cell("old", lost=["weights"], files=[{"size": 1}], runtime=K38)
    (finding,) = found(cell("a", lost=["weights"]), small, old)
    assert finding["reproduction"]["command"] == f"make reproduce CELL={small['path']}"
