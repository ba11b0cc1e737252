"""What users of Snakemake are used to, on one small matrix that has run: its commands, options and profiles."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from helpers.places import SCRIPTS
from helpers.project import SNAKEMAKE, copy_environment, copy_with_environment, linked, planned_jobs, rows
from test_watch import write

CONFIG = """
epochs: {before: 5, after: 1}
matrix:
  - producers: [tf2.21-keras3]
    models: [dense_regression]
    formats: [h5, keras_archive]
    loaders: [load_model]
    uses: [inference, resume]
"""
#: two of its four cells
OTHER = CONFIG.replace("[inference, resume]", "[inference]")
ONE = "results/verified/tf2.21-keras3/dense_regression/none/h5/tf2.21-keras3/load_model/resume/verdict.json"
SUMMARY = "keras-roundtrip: 4 cells judged"
FILES = ("index.html", "summary.csv", "matrix.parquet", "junit.xml", "gate.json", "summary.txt")


def run(folder, *words, start=(*SNAKEMAKE,), check=True, **options):
    done = subprocess.run([*start, *words], cwd=folder, capture_output=True, text=True, timeout=600, **options)
    assert not check or done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which the small matrix has run."""
    folder = copy_with_environment(tmp_path_factory.mktemp("habits") / "project", CONFIG)
    (folder / "other.yaml").write_text(OTHER)
    (folder / "run.txt").write_text(run(folder, "--cores", "2"))
    return folder


@pytest.fixture
def copy(project, tmp_path):
    """A copy of all that, for a test that changes results; no two share a file but those of the environment."""
    folder, environments = tmp_path / "copy", "results/environments"
    shutil.copytree(
        project, folder, ignore=lambda at, names: {"tf2.21"} & set(names) if at.endswith(environments) else ()
    )
    linked(project / environments / "tf2.21", folder / environments / "tf2.21")
    return folder


def by_make(project, *words):
    """As `make` starts Snakemake."""
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    return run(project, *words, start=(sys.executable, "-m", "host.starting.run"), env=environment)


def test_a_run_that_has_nothing_to_do_shows_its_result(project):
    first = (project / "run.txt").read_text()
    result = (project / "results/report/summary.txt").read_text()
    for text in (
        first,
        run(project, "--cores", "2"),
        by_make(project, "--cores", "2", "--quiet", "progress", "reason"),
    ):
        assert text.count(result) == 1 and "results/reports/config/index.html" in text
    assert "Nothing to be done" not in first


@pytest.mark.parametrize(
    "words",
    [
        ("-n",),
        ("--lint",),
        ("--cores", "1", "--no-hooks"),
        ("--cores", "1", "results/data/digits.npz"),
    ],
)
def test_what_asks_for_no_result_shows_none(project, words):
    assert "cells judged" not in run(project, *words, check=words != ("--lint",))


def test_a_cells_own_command_shows_that_cell(project):
    (row,) = [row for row in rows(project) if row["verdict"] == "broken"]
    assert row["rerun"].endswith(f"-- {ONE}") and row["rerun"].startswith("snakemake ")
    before = (project / "results/report/index.html").stat().st_mtime_ns
    forced = run(project, *row["rerun"].split()[1:])
    assert "Job" in forced and "cells judged" not in forced
    assert (project / "results/report/index.html").stat().st_mtime_ns == before
    for text in (forced, run(project, "--cores", "1", "--", ONE)):
        shown = text[text.index(f"\n{ONE.removeprefix('results/verified/').removesuffix('/verdict.json')}\n") :]
        assert f"broken, known: {row['reason']}" in shown
        assert re.search(r"optimizer_state: different, promised https://\S+\n +6 of 8 differ", shown)
        for words in ("Unknown variable", "Not reached:\n  resume_trajectory", "model.h5", row["expectation"], ONE):
            assert words in shown, words
    run(project, "--cores", "1")  # the verdict is younger than the report now


def test_a_cell_that_fails_to_run_is_shown_with_the_reason_and_the_report_stays(copy):
    report = (copy / "results/report/index.html").read_bytes()
    (copy / "scripts/load.py").write_text("raise SystemExit('planted')\n")
    words = ("--cores", "1", "--config", "runner=plain", "--forcerun", "load_artifact", "--", ONE)
    text = run(copy, *words, check=False)
    assert "not run: " in text and "cells judged" not in text
    assert (copy / "results/report/index.html").read_bytes() == report


def test_reports_of_several_configurations_lie_side_by_side(copy):
    run(copy, "--cores", "1", "--configfile", "other.yaml")
    kept = {name: json.loads((copy / f"results/reports/{name}/gate.json").read_text()) for name in ("config", "other")}
    assert {name: answer["cells"] for name, answer in kept.items()} == {"config": 4, "other": 2}
    assert len(rows(copy)) == 2, "results/report/ is that of the last run"
    for name in kept:
        assert all((copy / "results/reports" / name / file).stat().st_size for file in FILES)
    index = (copy / "results/reports/index.html").read_text()
    lines = re.findall(r"<tr>.*?</tr>", index[index.index("<tbody>") :], re.DOTALL)
    assert [re.search(r'href="(\w+)/index.html"', line)[1] for line in lines] == ["other", "config"], "newest first"
    assert "--configfile other.yaml" in lines[0] and "nothing bad" in lines[0] and ">2<" in lines[0]
    assert "broken 1, all known" in lines[1] and ">4<" in lines[1]
    text = run(copy, "--cores", "1", "--configfile", "other.yaml", "--config", "seed=20")
    assert "Nothing to be done" in text, "it is the seed that the run had"
    name = re.search(r"results/reports/(other-[0-9a-f]{6})/index.html", text)[1]
    assert (copy / "results/reports" / name / "index.html").exists()
    assert "--configfile other.yaml --config seed=20" in (copy / "results/reports/index.html").read_text()


def test_snakemakes_report_shows_the_results_with_captions(project, tmp_path):
    run(project, "--report", str(tmp_path / "report.html"))
    text = (tmp_path / "report.html").read_text()
    for words in ("Every cell, with its evidence", "One row for each cell", "The verdicts counted", "summary.txt"):
        assert words in text


def test_summary_dag_and_rulegraph(project):
    text = run(project, "--summary")
    lines = text.splitlines()
    status = {line.split("\t")[0]: line.split("\t")[4:] for line in lines if line.count("\t") == 5}
    assert status[ONE] == ["ok", "no update"] and status["results/report/index.html"] == ["ok", "no update"]
    assert "cells judged" not in text
    assert run(project, "--dag").count('label = "verify_path') == 4
    rules = re.findall(r'label = "(\w+)"', run(project, "--rulegraph"))
    chain = {"environment_build", "dataset", "train_model", "save_artifact", "load_artifact", "verify_path", "report"}
    assert chain <= set(rules) and len(rules) == len(set(rules))
    assert ONE in run(project, "--filegraph")


def test_touch_makes_all_up_to_date_and_changes_no_file(copy):
    file = copy / "results/report/index.html"
    before = file.read_bytes()
    with open(copy / "config/expectations.yaml", "a") as f:
        f.write("# edited\n")
    assert re.search(r"^report +1$", run(copy, "-n"), re.MULTILINE), "the report is out of date"
    assert "cells judged" not in run(copy, "--cores", "1", "--touch")
    assert file.read_bytes() == before and "Nothing to be done" in run(copy, "-n")


def test_delete_all_output_includes_environments_and_leaves_logs_and_the_reports_that_are_kept(copy):
    run(copy, "--cores", "1", "--delete-all-output")
    left = [path.relative_to(copy / "results") for path in (copy / "results").rglob("*") if path.is_file()]
    beside = {"manifest.npz", "site_packages.txt"}  # notes that no job reads where its record is gone
    folders = {path.parts[0] for path in left if path.suffix != ".log" and path.name not in beside}
    assert folders == {"reports", "published"}
    assert (copy / "results/reports/config/index.html").exists()
    assert not (copy / "results/environments/tf2.21/venv").exists()
    again = planned_jobs(run(copy, "-n", "--quiet", "rules"))
    assert (again["environment_build"], again["save_artifact"], again["verify_path"]) == (1, 2, 4)


def test_another_folder_is_a_working_directory(project, tmp_path):
    """Its results, records and locks are its own; the project's stay as they are."""
    there = tmp_path / "else where"
    copy_environment("tf2.21", there)
    shutil.copytree(project / "results/data", there / "results/data")
    one = there / "one.yaml"
    one.write_text(OTHER.replace("[h5, keras_archive]", "[h5]"))
    before = (project / "results/report/index.html").stat().st_mtime_ns
    words = ("--directory", str(there), "--configfile", str(one))
    text = run(project, "--cores", "2", *words)
    assert "1 cells judged" in text and [row["verdict"] for row in rows(there)] == ["kept"]
    assert (there / "results/reports/one/index.html").exists() and (there / ".snakemake").is_dir()
    assert (project / "results/report/index.html").stat().st_mtime_ns == before
    assert "Nothing to be done" in run(project, "-n", *words)
    started_there = ("--snakefile", str(project / "Snakefile"), "--configfile", "one.yaml")
    assert "Nothing to be done" in run(there, "-n", *started_there), "the rerun commands work in it"


def test_a_folder_that_nobody_named_is_left_alone(project, tmp_path):
    text = run(tmp_path, "-n", "--snakefile", str(project / "Snakefile"), check=False)
    assert "every path is relative to" in text and not (tmp_path / "scripts").exists()
    write(tmp_path / "scripts", 1)
    text = run(project, "-n", "--directory", str(tmp_path), check=False)
    assert "is not the project's" in text and "Traceback" not in text


def test_profiles(project):
    mine = project / "profiles/mine"
    mine.mkdir()
    (mine / "config.yaml").write_text("cores: 2\nconfigfile: [other.yaml]\nforcerun: [report]\n")
    text = run(project, "--profile", "profiles/mine")
    assert "Provided cores: 2" in text and "keras-roundtrip: 2 cells judged" in text
    assert "reports/other/index.html" in text
    assert "--configfile other.yaml" in rows(project)[0]["rerun"]
    for words in (("--workflow-profile", "none"), ("--workflow-profile", "profiles/default"), ()):
        assert SUMMARY in run(project, "--cores", "1", *words)
