"""The name of a configuration, reports that are kept side by side, and the view of one cell, without a run."""

import io
import json
import os

import pytest
from helpers import verdicts as fake
from helpers.places import ROOT

from host.report import cells as cells_
from host.report import junit, kept, one_cell, terminal
from host.starting import named

GATE = {"cells": 3, "passed": True, "counts": {"kept": 3}, "notes": {"new": {}, "known": {}, "fixed": {}}}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_configuration_is_called_by_its_files(here):
    assert named.name([], {}) == "config"
    assert named.name([here / "config/wide.yaml"], {}) == "wide"
    assert named.name([here / "mine.yaml", "config/more.yaml"], {}) == "mine-more"
    assert named.name([here / "my $(touch x) file.yaml"], {}) == "my_touch_x_file"


def test_a_digest_tells_apart_what_stems_do_not(here):
    (here / "config").mkdir()
    (here / "config/wide.yaml").write_text("")
    every = [
        named.name(files, options)
        for files, options in (
            (["config/wide.yaml"], {}),
            (["wide.yaml"], {}),
            (["a/wide.yaml"], {}),
            (["b/wide.yaml"], {}),
            (["config/wide.yaml"], {"seed": 3}),
            (["config/wide.yaml"], {"seed": 4}),
        )
    ]
    assert len(set(every)) == 6 and every[0] == "wide" and all(name.startswith("wide-") for name in every[1:])
    assert named.name(["a/wide.yaml"], {}) == every[2], "the same in each run"


def test_options_give_a_command_the_same_configuration(here):
    matrix = {"matrix": [{"uses": ["resume"]}], "runner": "plain"}
    words = named.options(["my file.yaml"], matrix)
    assert words == """--configfile 'my file.yaml' --config 'matrix=[{"uses": ["resume"]}]' runner=plain"""
    assert named.options([], {}) == ""


def report(folder, cells=3, when=1_700_000_000, **more):
    """The files of a report."""
    folder.mkdir(exist_ok=True)
    answer = {**GATE, "cells": cells, **more}
    for name, text in {"index.html": f"{cells}", "gate.json": json.dumps(answer)}.items():
        (folder / name).write_text(text)
        os.utime(folder / name, (when, when))


FILES = ["index.html", "gate.json", "rewrites.md"]


def test_a_kept_report_stays_what_it_was(tmp_path):
    report(tmp_path / "report")
    kept.keep(tmp_path / "report", tmp_path / "reports/a", FILES)
    (tmp_path / "report/index.html").write_text("another run's")  # in place: a hard link would change too
    assert (tmp_path / "reports/a/index.html").read_text() == "3"


def test_what_a_report_no_longer_has_is_removed_and_folders_stay(tmp_path):
    report(tmp_path / "report")
    (tmp_path / "report/rewrites.md").write_text("")
    folder = tmp_path / "reports/a"
    kept.keep(tmp_path / "report", folder, FILES)
    assert (folder / "rewrites.md").exists()
    (tmp_path / "report/rewrites.md").unlink()
    (folder / "earlier").mkdir()
    kept.keep(tmp_path / "report", folder, FILES)
    assert sorted(path.name for path in folder.iterdir()) == ["earlier", "gate.json", "index.html", "made.json"]


def test_the_index_has_the_newest_first_with_counts_and_escapes_names(tmp_path):
    for number, name in enumerate(("old", "new <b>")):
        report(tmp_path / "report", cells=number + 1, when=1_700_000_000 + number * 86400, passed=not number)
        kept.keep(tmp_path / "report", tmp_path / "reports" / name, FILES, options=f"--configfile {name}.yaml")
    kept.index(tmp_path / "reports")
    text = (tmp_path / "reports/index.html").read_text()
    body = text[text.index("<tbody>") :]
    assert body.index("new &lt;b&gt;") < body.index(">old<") and "<b>" not in text
    assert 'href="new%20%3Cb%3E/index.html"' in text and "--configfile old.yaml" in text
    assert body.count(">passes<") == body.count(">fails<") == 1
    assert "2023-11-1" in body and "http" not in text.replace('<html lang="en">', "")


def test_a_report_that_cannot_be_kept_is_said_and_is_no_traceback(tmp_path, capsys):
    report(tmp_path / "report")
    (tmp_path / "reports").write_text("a file where the folder should be")
    assert kept.main(["--report", str(tmp_path / "report"), "--name", "a", "--file", *FILES]) == 1
    assert capsys.readouterr().err.startswith("error: the report is not kept in ")


def cell(**changes):
    """A judged cell with a lost facet, a message and a file."""
    runtime = "tf2.21-keras3"
    rng = fake.random.Random(1)
    found = fake.verdict(runtime, "frozen", "h5", runtime, "load_model", "resume", rng)
    found["facets"]["weights"] = fake.facet("different", True, rng, detail=[f"w{n}: 1 of 2" for n in range(9)])
    found["facets"]["evaluation"] = fake.facet("not_reached", True, rng)
    (judged,) = cells_.judge([{**found, **changes}], [], {})
    return judged


def view(encoding="utf-8", **changes):
    return one_cell.view(cell(**changes), terminal.Style(io.TextIOWrapper(io.BytesIO(), encoding=encoding)))


def test_a_cell_is_shown_with_its_reason_and_its_evidence():
    text = view(verdict="silent_loss", reason="Wrong after loading.")
    for words in (
        "\ntf2.21-keras3/frozen/none/h5/tf2.21-keras3/load_model/resume\n! silent loss, new: Wrong after loading.",
        f"weights: different, promised {fake.KERAS}",
        "w4: 1 of 2\n    ... and 4 more",
        "Not reached:\n  evaluation",
        "/load_model/resume/verdict.json",
        "make reproduce CELL=",
    ):
        assert words in text, words
    assert "w5" not in text


def test_a_view_holds_no_control_characters_and_only_what_a_terminal_can_show():
    warning = {"source": "stderr", "category": "", "message": "\x1b[31mgröße\nsecond line"}
    text = view(encoding="ascii", warnings=[warning])
    assert "\x1b" not in text and text.isascii() and "\n  second line" in text


def test_a_case_of_junit_has_a_bounded_text_that_names_the_rest():
    detail = [f"w{n}" for n in range(1000)]
    facets = {"weights": {**fake.facet("different", True, fake.random.Random(1)), "detail": detail}}
    judged = cell(verdict="silent_loss", facets=facets, warnings=[{"source": "a", "message": "m" * 99}] * 900)
    text = junit.case(judged).find("failure").text
    assert "... and 980 more" in text and len(text) < 65_535 and "verdict.json" in text


def test_a_cell_by_name_is_judged_with_its_expectations(tmp_path, monkeypatch, capsys):
    verdict = cell(verdict="broken", stage="use", outcome="refused")
    fake.write(tmp_path, [{key: verdict[key] for key in verdict if key not in ("note", "expectation")}])
    monkeypatch.chdir(tmp_path)
    given = ["--expectations", str(ROOT / "config/expectations.yaml"), "--environments", str(ROOT / "envs")]
    assert one_cell.main(["--cells", "cells.json", *given]) == 0
    assert "tf2.21-keras3/frozen/none/h5/tf2.21-keras3/load_model/resume\n" in capsys.readouterr().out
