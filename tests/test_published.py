"""The published results: they agree with themselves and with their pages, and a run can be held against them."""

import json
import re

import jsonschema
import polars as pl
import pytest

from host.docs import __main__ as docs
from host.docs import pictures
from host.docs import published as pages
from host.report import published, words
from host.report.answers import compatibility, effects, fields
from host.select.cells import AXES

HERE = docs.DOCS.parent / published.FOLDER
MATRIX = pl.read_parquet(HERE / "matrix.parquet")
ANSWERS = json.loads((HERE / "compatibility.json").read_text("utf-8"))


def test_the_published_answers_have_the_form_of_their_schema():
    compatibility.validate(ANSWERS)
    schema = json.loads((HERE / "compatibility.schema.json").read_text("utf-8"))
    assert schema == compatibility.schema(), "run `make published`, or raise SCHEMA_VERSION"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_answers_and_table_count_the_same_verdicts():
    cells = MATRIX.unique(subset=AXES)
    verdicts = dict(cells.group_by("verdict").len().iter_rows())
    assert verdicts == ANSWERS["made"]["verdicts"]
    assert len(cells) == ANSWERS["made"]["cells"]


def works(entry):
    """For how many models a field works, counted in the table alone."""
    ours = {axis: entry[axis] for axis in ("producer", "consumer", "format", "use")}
    rows = MATRIX.filter(*[pl.col(axis) == value for axis, value in ours.items()])
    rows = rows.filter(pl.col("modifier") == "none", pl.col("loader").is_in(fields.LOADERS))
    return rows.filter(pl.col("verdict").is_in(["kept", "not_promised_there"]))["model"].n_unique()


def test_answers_and_table_agree_on_every_field_of_the_first_tables():
    shown = [e for e in ANSWERS["support"] if e["producer"] == e["consumer"] and e["producer"] in ANSWERS["newest"]]
    assert len(shown) > 40
    assert [(e["format"], e["use"], e["works"]) for e in shown] == [(e["format"], e["use"], works(e)) for e in shown]


def test_the_first_table_of_the_readme_says_what_the_answers_say():
    text = (docs.DOCS.parent / "README.md").read_text("utf-8")
    for runtime in ANSWERS["newest"]:
        (entry,) = [
            e for e in ANSWERS["support"]
            if (e["producer"], e["consumer"], e["format"], e["use"]) == (runtime, runtime, "keras_archive", "resume")
        ]  # fmt: skip
        assert f"{entry['words']}<br><sub>{entry['works']} of {entry['models']} models</sub>" in text
    assert set(effects.USES.values()) <= set(re.findall(r"(?<=\| )[^|]+(?= \|)", text))


def test_each_runtime_of_the_answers_has_its_exact_versions():
    versions = json.loads((HERE / "environments.json").read_text("utf-8"))
    for runtime in ANSWERS["runtimes"]:
        packages = versions[runtime["id"].rpartition("-")[0]]["packages"]
        assert runtime["tensorflow"] in packages.values()


def test_every_exception_is_on_its_page():
    text = pages.exceptions()
    for entry in ANSWERS["support"]:
        if entry["producer"] == entry["consumer"] == ANSWERS["newest"][0] and entry["status"] == "fails":
            assert all(f"{g['words']} ({len(g['models'])})" in text for g in entry["groups"] if g["kind"] != "works")


def table(**verdicts):
    """A table of cells by name, with a verdict and lost facets each."""
    rows = []
    for model, (verdict, *lost) in verdicts.items():
        ids = dict.fromkeys(AXES, "x") | {"model": model}
        for facet in ("weights", "optimizer_state"):
            status = "different" if facet in lost else "identical"
            rows.append({**ids, "verdict": verdict, "facet": facet, "status": status, "relevant": True})
    return pl.DataFrame(rows)


def test_differences_are_by_verdict_and_by_facet():
    before = published.states(table(a=["kept"], b=["broken"], c=["silent_loss", "weights"], d=["kept"], e=["kept"]))
    now = published.states(
        table(a=["broken"], b=["kept"], c=["silent_loss", "optimizer_state"], d=["kept"], f=["kept"])
    )
    found = published.differences(before, now)
    assert [cell.split("/")[1] for kind in ("worse", "better", "otherwise") for cell, *_ in found[kind]] == [
        "a",
        "b",
        "c",
    ]
    assert (found["same"], found["here"], found["there"]) == (1, 1, 1)
    text = "\n".join(published.lines({"date": "2026-01-02", "stands_for": {}, **found}))
    assert "worse: 1\n  x/a/x/x/x/x/x: was kept, is broken" in text
    assert "otherwise: 1\n  x/c/x/x/x/x/x: was silent loss, is silent loss (optimizer_state)" in text


def test_a_candidate_is_held_against_the_newest_of_its_api():
    before = dict.fromkeys(["tf2.21-keras3/m/none/h5/tf2.21-keras3/l/u", "tf2.15-keras2/m/none/h5/tf2.21-keras3/l/u"])
    now = dict.fromkeys(["own-keras3/m/none/h5/own-keras3/l/u", "tf2.15-keras2/m/none/h5/own-keras3/l/u"])
    stands_for = published.counterparts(now, before, ["tf2.21-keras3", "tf2.21-keras2"])
    assert stands_for == {"own-keras3": "tf2.21-keras3"}
    assert {published.rename(cell, stands_for) for cell in now} == set(before)


@pytest.mark.parametrize(("now", "code"), [({"a": ["kept"]}, 0), ({"a": ["broken"]}, 1)])
def test_the_exit_code_says_whether_anything_is_worse(tmp_path, capsys, now, code):
    for folder, cells in (("report", now), ("published", {"a": ["kept"]})):
        (tmp_path / folder).mkdir()
        table(**cells).write_parquet(tmp_path / folder / "matrix.parquet")
        (tmp_path / folder / "compatibility.json").write_text('{"made": {"date": "2026-01-02"}, "newest": []}')
    arguments = ["--report", str(tmp_path / "report"), "--published", str(tmp_path / "published")]
    assert published.main(["differ", *arguments]) == code
    assert "Since the published results of 2026-01-02" in capsys.readouterr().out


def test_without_a_report_or_a_publication_the_remedy_is_said(tmp_path):
    with pytest.raises(SystemExit, match="Run make first"):
        published.differ(tmp_path, tmp_path)
    table(a=["kept"]).write_parquet(tmp_path / "matrix.parquet")
    with pytest.raises(SystemExit, match="make published"):
        published.differ(tmp_path, tmp_path / "none")


def test_publishing_copies_a_report_that_has_the_right_form(tmp_path):
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "compatibility.json").write_text(compatibility.text(ANSWERS), "utf-8")
    MATRIX.with_columns(detail=pl.lit(None), announced=pl.lit(None)).write_parquet(folder / "matrix.parquet")
    published.make(folder, tmp_path / "made", ["envs"])
    for name in ("compatibility.json", "environments.json", "compatibility.schema.json"):
        assert (tmp_path / "made" / name).read_bytes() == (HERE / name).read_bytes(), name
    assert published.states(pl.read_parquet(tmp_path / "made/matrix.parquet")) == published.states(MATRIX)
    (folder / "compatibility.json").write_text('{"made": {}}')
    with pytest.raises(jsonschema.ValidationError):
        published.make(folder, tmp_path / "made", ["envs"])


def test_the_map_of_versions_has_a_field_for_each_pair():
    drawn = pictures.version_map(ANSWERS).to_dict()
    (rows,) = drawn["datasets"].values()
    assert {row["status"] for row in rows} <= set(pictures.COLOURS) <= {s["id"] for s in ANSWERS["statuses"]}
    assert len({(row["written by"], row["read by"]) for row in rows if row["written by"] != row["read by"]}) > 20


def test_every_verdict_of_the_table_is_known():
    assert set(MATRIX["verdict"]) <= set(words.BY_ID)
