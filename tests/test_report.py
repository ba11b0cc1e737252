"""The report: tables, JUnit XML, the gate, the page and the summary, from made-up verdicts."""

import base64
import csv
import datetime
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib

import polars as pl
import pytest
from helpers import verdicts as fake
from helpers.places import ROOT

from host.findings.find import find
from host.report import __main__ as report
from host.report import cells as cells_
from host.report import charts, chunks, embed, gate, html, packing, terminal, upkeep, words
from host.report.answers import compatibility

COLUMNS = [
    *("producer", "model", "modifier", "format", "consumer", "loader", "use", "outcome", "verdict"),
    "note",
    *("facets_lost", "max_ulp", "warnings", "seconds", "expectation", "rerun"),
]
HOSTILE = '</script><script>alert("1")</script><img src=x onerror=alert(2)> & größe 重み \x1b[31m \ud800'
FAILING = {
    "crashed",
    "timeout",
    "out_of_memory",
    "not_run",
    "user_code",
    "silent_loss",
    "broken",
    "degraded",
    "not_reproducible",
    "unproved",
    "nondeterministic",
    "unbuildable",
}


@pytest.fixture(scope="module")
def bundle():
    """The bundle takes a second to make and is the same for all pages."""
    return html.vega()


@pytest.fixture
def written(tmp_path, monkeypatch, bundle):
    """A function that writes the report of these verdicts and returns its folder."""
    monkeypatch.setattr(html, "vega", lambda: bundle)

    def run(verdicts, excluded=fake.EXCLUDED, expected=False):
        fake.write(tmp_path, verdicts, excluded)
        monkeypatch.chdir(tmp_path)
        arguments = ["--cells", "cells.json", "--about", "about.json", "--environments", str(ROOT / "envs")]
        if expected:
            arguments += ["--expectations", "expectations.json"]
        assert report.main([*arguments, "--out", "report"]) == 0
        return tmp_path / "report"

    return run


def one(**changes):
    """A kept cell with some facts replaced."""
    runtime = "tf2.21-keras3"
    found = fake.verdict(runtime, "frozen", "h5", runtime, "load_model", "inference", fake.random.Random(1))
    return {**found, **changes}


def with_verdict(id_, number=0):
    found = one(verdict=id_, reason=f"this is {id_}")
    found["cell"] = {**found["cell"], "modifier": f"m{number}"}
    return found


def judged(verdicts):
    return cells_.judge(verdicts, [], {})


def summary(cells, stream, page="p"):
    """The terminal's summary of judged cells, of runtimes that nobody knows: without the first table."""
    answers = compatibility.data(cells, {}, datetime.datetime.now(), "config")
    run = cells_.Run(cells, [], [], gate.decide(cells), answers, find(cells))
    return terminal.summary(run, page, terminal.Style(stream))


def read_csv(folder):
    return list(csv.DictReader(io.StringIO((folder / "summary.csv").read_text(encoding="utf-8"))))


def embedded(page, id_):
    text = re.search(rf'<script type="text/plain" id="{id_}">(.*?)</script>', page, re.S)[1]
    return json.loads(zlib.decompress(base64.b64decode(text)))


def test_summary_has_a_row_a_cell_worst_first(written):
    verdicts = fake.verdicts(80)
    folder = written(verdicts)
    rows = read_csv(folder)
    assert len(rows) == 80
    assert list(rows[0])[: len(COLUMNS)] == COLUMNS
    severities = [words.severity(row["verdict"]) for row in rows]
    assert severities == sorted(severities)
    by_path = {"/".join(row[axis] for axis in fake.AXES): row for row in rows}
    for v in verdicts:
        row = by_path["/".join(v["cell"][axis] for axis in fake.AXES)]
        gone = ("different", "missing", "not_reached")
        lost = [n for n, f in v["facets"].items() if f["relevant"] and f["status"] in gone]
        assert sorted(row["facets_lost"].split()) == sorted(lost)
        assert int(row["warnings"]) == len(v["warnings"])
        assert row["outcome"] == v["outcome"]


def test_matrix_has_a_row_per_cell_and_facet(written):
    verdicts = fake.verdicts(60)
    table = pl.read_parquet(written(verdicts) / "matrix.parquet")
    assert table.height == sum(len(v["facets"]) for v in verdicts)
    assert {"facet", "status", "promised", "relevant", "max_ulp", "detail"} <= set(table.columns)
    assert table.filter(pl.col("status") == "different")["max_abs"].is_not_null().all()


def test_the_rerun_command_names_the_verdict_after_the_options(written):
    found = one()
    found["cell"] = {**found["cell"], "model": "größe $x"}
    row = read_csv(written([found]))[0]
    target = "results/verified/tf2.21-keras3/größe $x/none/h5/tf2.21-keras3/load_model/inference/verdict.json"
    assert row["rerun"] == f"snakemake --cores 1 --forcerun load_artifact read_artifact -- '{target}'"


def stated_as_skipped(root):
    """How many skipped cases the suites of a junit.xml state."""
    return sum(int(suite.get("skipped")) for suite in root.iter("testsuite"))


def test_junit_counts_and_holds_the_evidence(written):
    verdicts = fake.verdicts(120)
    root = ET.parse(written(verdicts) / "junit.xml").getroot()
    cases = list(root.iter("testcase"))
    failing = [v for v in verdicts if v["verdict"] in FAILING]
    assert len(cases) == 120 + len(fake.EXCLUDED) == int(root.get("tests"))
    assert len(list(root.iter("failure"))) == len(failing) == int(root.get("failures"))
    assert len(list(root.iter("skipped"))) == len(fake.EXCLUDED) == stated_as_skipped(root)
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert {case.get("classname") for case in suite} == {suite.get("name")}
    assert sum(int(s.get("failures")) for s in root.iter("testsuite")) == len(failing)
    texts = "\n".join(failure.text for failure in root.iter("failure"))
    assert "Traceback (most recent call last)" in texts
    assert "architecture: missing, promised https://keras.io" in texts


def test_junit_and_tables_survive_hostile_text(written):
    error = {"stage": "load", "type": "ValueError", "message": HOSTILE, "traceback": HOSTILE}
    warning = {"source": HOSTILE, "category": "", "message": HOSTILE}
    found = one(verdict="broken", reason=HOSTILE, error=error, warnings=[warning])
    folder = written([found], [{**fake.EXCLUDED[0], "reason": HOSTILE}])
    failure = next(ET.parse(folder / "junit.xml").iter("failure"))
    assert "größe 重み" in failure.text and "\x1b" not in failure.text
    assert "größe 重み" in read_csv(folder)[0]["reason"]


@pytest.mark.parametrize("verdict", [v.id for v in words.VERDICTS])
def test_the_gate_by_verdict(verdict):
    answer = gate.decide(judged([with_verdict("kept"), with_verdict(verdict, 1)]))
    assert answer["passed"] == (verdict not in FAILING)
    assert [f["verdict"] for f in answer["failures"]] == ([verdict] if verdict in FAILING else [])


@pytest.mark.parametrize("note", [n.id for n in words.NOTES])
@pytest.mark.parametrize("verdict", [v.id for v in words.VERDICTS])
def test_what_passes_the_gate(verdict, note):
    """A bad verdict passes only if it is known; no proof never passes, whatever an entry says; what is fixed fails."""
    bad = {"silent_loss", "broken", "crashed", "timeout", "out_of_memory", "degraded"}
    wanted = note == "known" if verdict in bad else verdict not in FAILING and note in ("none", "known")
    assert words.passes(verdict, note) is wanted


def test_the_gate_fails_on_no_cells_and_on_a_verdict_it_does_not_know(written):
    assert not gate.decide([])["passed"]
    assert not gate.decide(judged([with_verdict("splendid")]))["passed"]
    folder = written([with_verdict("splendid")])
    assert json.loads((folder / "gate.json").read_text())["counts"]["splendid"] == 1


def test_zero_cells_make_a_report_that_fails(written):
    folder = written([], [])
    assert json.loads((folder / "gate.json").read_text(encoding="utf-8"))["passed"] is False
    assert len(list(ET.parse(folder / "junit.xml").iter("failure"))) == 1
    assert read_csv(folder) == [] and pl.read_parquet(folder / "matrix.parquet").height == 0
    assert "no cell was judged" in (folder / "index.html").read_text(encoding="utf-8")
    assert "Gate FAILS" in (folder / "summary.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("verdict, code", [("kept", 0), ("silent_loss", 1)])
def test_the_gate_command(written, verdict, code):
    folder = written([with_verdict(verdict)])
    command = [sys.executable, "-m", "host.report.gate", "--report", str(folder / "gate.json")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT / "scripts")
    assert done.returncode == code, done.stderr
    assert ("this is silent_loss" in done.stdout) == bool(code)


@pytest.fixture
def noted(written):
    """The folder of a report with a cell that is broken and known, one broken and new, one fixed, one kept."""
    error = {"stage": "use", "type": "ValueError", "message": "Unknown variable: x", "traceback": ""}
    broken = one(verdict="broken", outcome="refused", stage="use", reason="raised", error=error)
    known, new, fixed = (dict(broken, cell={**broken["cell"], "use": "resume"}), broken, one(verdict="kept"))
    fixed["cell"] = {**fixed["cell"], "format": "checkpoint"}
    kept = one(verdict="kept")
    kept["cell"] = {**kept["cell"], "use": "evaluate"}
    return written([known, new, fixed, kept], expected=True)


def test_an_expectation_is_a_note_and_the_verdict_stays(noted):
    rows = {row["note"]: row for row in read_csv(noted)}
    assert {note: row["verdict"] for note, row in rows.items()} == {
        **{"known": "broken", "new": "broken", "fixed": "kept", "none": "kept"}
    }
    assert rows["known"]["expectation"] == fake.EXPECTATIONS[0]["link"] and not rows["new"]["expectation"]
    table = pl.read_parquet(noted / "matrix.parquet")
    assert set(table["verdict"]) == {"broken", "kept"} and set(table["note"]) == set(rows)
    answer = json.loads((noted / "gate.json").read_text(encoding="utf-8"))
    assert answer["counts"]["broken"] == 2
    assert answer["notes"] == {"new": {"broken": 1}, "known": {"broken": 1}, "fixed": {"kept": 1}}
    assert [(f["verdict"], f["note"]) for f in answer["failures"]] == [("broken", "new"), ("kept", "fixed")]
    entries = embedded((noted / "index.html").read_text(encoding="utf-8"), "data")["known"]
    assert [k["cells"] for k in entries] == [1, 1]


def test_a_known_bad_cell_is_an_expected_failure_in_junit_and_never_passes(noted):
    root = ET.parse(noted / "junit.xml").getroot()
    uses = {case: case.get("name").partition(": ")[2].split(" by ")[0] for case in root.iter("testcase")}
    cases = {uses[case] + case.get("classname"): case for case in uses}
    assert int(root.get("failures")) == 2 and stated_as_skipped(root) == 1 + len(fake.EXCLUDED)
    skipped = cases["resumetf2.21-keras3.h5"].find("skipped")
    assert (skipped.get("type"), skipped.get("message")) == ("expected_failure", "broken, known: raised")
    assert fake.EXPECTATIONS[0]["link"] in skipped.text
    assert cases["inferencetf2.21-keras3.h5"].find("failure").get("message") == "broken, new: raised"
    assert cases["inferencetf2.21-keras3.checkpoint"].find("failure").get("type") == "fixed"
    passed = [case for case in cases.values() if case.find("failure") is None and case.find("skipped") is None]
    assert [case.find("system-out").text[:5] for case in passed] == ["kept:"]


def test_the_gate_names_what_is_bad_though_it_passes():
    cell = dict(with_verdict("broken"), note="known", expectation=ENTRY)
    answer = gate.decide([cells_.complete(cell), *judged([with_verdict("kept", 1)])])
    assert gate.lines(answer, 9) == ["Gate passes: 2 cells; broken 1, all known; new: 0."]


ENTRY = {
    "match": {"format": "h5"},
    "verdict": "broken",
    "message": "Unknown variable",
    "reason": "The optimizer is not built.",
    "link": "https://example.org/1",
    "review": "2027-03-01",
}


def known_cell(**changes):
    return one(verdict="broken", note="known", expectation=ENTRY, outcome="refused", facets={}) | changes


@pytest.mark.parametrize(("today", "problems"), [("2027-03-01", []), ("2027-03-02", ["overdue"])])
def test_an_overdue_entry_fails_the_gate_and_says_what_to_do(today, problems):
    found = upkeep.problems([known_cell(stage="load")], datetime.date.fromisoformat(today), "mine.yaml")
    assert [p["problem"] for p in found] == problems
    assert all("2027-03-01" in p["remedy"] and "mine.yaml" in p["remedy"] for p in found)


@pytest.mark.parametrize(
    "other",
    [
        {"stage": "use"},
        {"stage": "load", "outcome": "crashed"},
        {"stage": "load", "facets": {"weights": {"status": "different", "promised": True}}},
    ],
)
def test_an_entry_that_explains_two_causes_fails_the_gate(other):
    cells = [known_cell(stage="load"), known_cell(stage="load"), known_cell(**other)]
    (problem,) = upkeep.problems(cells, datetime.date(2026, 1, 1), "mine.yaml")
    assert problem["problem"] == "several causes" and "format: h5" in problem["entry"]
    assert "2 x refused at stage load, no facet lost" in problem["remedy"]
    assert not upkeep.problems(cells[:2], datetime.date(2026, 1, 1), "mine.yaml")


def test_a_gate_that_fails_on_an_entry_says_so_and_exits_with_1(tmp_path, capsys):
    (problem,) = upkeep.problems([known_cell(stage="load")], datetime.date(2030, 1, 1), "mine.yaml")
    answer = gate.decide(judged([with_verdict("kept")]), [problem])
    assert not answer["passed"] and not answer["failures"]
    file = tmp_path / "gate.json"
    file.write_text(json.dumps(answer))
    assert gate.main(["--report", str(file)]) == 1
    said = capsys.readouterr().out
    assert "Gate FAILS: 1 expectation." in said and problem["remedy"] in said


def test_the_page_loads_nothing_and_no_text_breaks_out(written, bundle):
    error = {"stage": "load", "type": HOSTILE, "message": HOSTILE, "traceback": HOSTILE}
    found = one(verdict="broken", reason=HOSTILE, error=error, titles={"model": HOSTILE})
    page = (written([found, *fake.verdicts(40)]) / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script>", page)) == 8
    page = page.replace(bundle, "")
    assert "<script>alert" not in page
    assert "<img" not in page
    markup = re.sub(r"<script\b.*?</script>", "", page, flags=re.S)
    assert not re.search(r"\b(?:src|srcset|action|data|poster)\s*=\s*[\"']?[^\"'>]", markup)
    assert re.findall(r"<link[^>]*>", markup) == ['<link rel="icon" href="data:,">']
    assert not re.search(r"url\(|@import", markup)
    ours = re.search(r'"use strict";(.*)</script>', page, re.S)[1]
    assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|innerHTML|insertAdjacentHTML|document\.write", ours)


def test_repeats_are_embedded_once():
    many = [with_verdict("kept", i) for i in range(400)]
    cells = judged(many)
    packed, held = chunks.fitting(cells, 1_000_000)
    assert held == len(cells)
    assert len(packing.packed(embed.data(cells, [], []))) / len(cells) < 15
    assert sum(map(len, packed)) / len(cells) < 30


def test_numbers_that_json_has_not(written):
    found = one()
    found["facets"]["weights"].update(max_ulp=float("inf"), max_abs=float("nan"), status="different")
    found["trajectory"] = {"names": ["loss"], "reference": [[1.0], [float("nan")]], "observed": [[1.0], [float("inf")]]}
    folder = written([found])
    assert read_csv(folder)[0]["max_ulp"] == "inf"
    (cell,) = judged([cells_.clean(found)])
    logs = chunks.of(cell)
    assert logs["reference"]["batches"] == [[1.0], [None]] and logs["observed"] == [[0], [None]]


def test_the_chart_has_what_the_page_fills_in():
    curves, difference = charts.loss_curves()["vconcat"]
    assert "mark" in difference
    assert all({"y", "color"} <= set(layer["encoding"]) for layer in curves["layer"])


class Stream(io.StringIO):
    """A terminal, or not."""

    def __init__(self, encoding, tty):
        super().__init__()
        self._encoding, self._tty = encoding, tty

    encoding = property(lambda self: self._encoding)

    def isatty(self):
        return self._tty


def test_terminal_summary(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    cells = judged([with_verdict("silent_loss", 1), with_verdict("silent_loss", 2), with_verdict("kept", 3)])
    text = summary(cells, Stream("utf-8", False), "report/index.html")
    assert text == (
        "keras-roundtrip: 3 cells judged, 0 excluded\n"
        "\n"
        "  ! silent loss              2   new 2\n"
        "  ✓ kept                     1\n"
        "\n"
        "  keras3  inference\n"
        "  h5      ! 2 of 3 ✚\n"
        "\n"
        "Findings (1):\n"
        "  !     2  ✚ new    Keras 3, h5: loses what was promised\n"
        "      tf2.21-keras3/frozen/m1/h5/tf2.21-keras3/load_model/inference\n"
        "\n"
        "Gate FAILS: 2 of 3 cells. All cells: silent loss 2, known: 0; new: 2.\n"
        "Page: report/index.html\n"
    )


def test_on_the_terminal_what_is_known_is_red_too_and_runtimes_are_apart(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    broken = cells_.complete(dict(with_verdict("broken"), note="known", expectation=ENTRY))
    other = with_verdict("kept")
    other["cell"] = {**other["cell"], "producer": "tf2.21-keras2", "consumer": "tf2.21-keras2"}
    cells = [broken, *judged([other])]
    text = summary(cells, Stream("utf-8", True))
    red = [line for line in text.split("\n") if "\033[1;31m" in line]
    assert len(red) == 4 and "✕ broken" in red[0] and "known 1" in red[0] and "✕ 1 ◆" in red[1]
    assert "✕     1  ◆ known  The optimizer is not built" in red[2]
    assert "Gate passes: 2 cells; broken 1, all known; new: 0." in red[3]
    assert "keras3  inference" in text and "keras2  inference" in text and "✓ 1" in text


def test_terminal_summary_fits_its_stream(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    cells = judged([one(verdict="broken", reason="größe \033[31mred")])
    assert "\033" not in summary(cells, Stream("utf-8", False))
    assert "\033[1;31m" in summary(cells, Stream("utf-8", True))
    plain = summary(cells, Stream("ANSI_X3.4-1968", False))
    assert plain.isascii() and "x broken" in plain


def test_what_is_no_verdict_is_named(tmp_path, monkeypatch):
    (tmp_path / "half.json").write_text('{"cell": {"producer"')
    (tmp_path / "list.txt").write_text("half.json\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"half\.json is not a verdict"):
        report.main(["--verdicts", "list.txt", "--out", "report"])


def test_every_verdict_outcome_status_and_facet_is_explained(written):
    page = (written([one()]) / "index.html").read_text(encoding="utf-8")
    shown = page[page.index('id="words"') :]
    for word in [v.word for v in words.VERDICTS] + list(words.OUTCOMES):
        assert word in shown
    for word in list(words.STATUSES) + list(words.FACETS):
        assert word.replace("_", " ") in shown
