"""While a run goes on: each verdict as a line, how far the run is, the page of what is judged so far; and its cost."""

import io
import json
import os
import subprocess
import sys
import time

import pytest
from helpers import verdicts as fake
from helpers.places import ROOT, SCRIPTS
from helpers.supervisor import gone, wait_until

from host.report import terminal, watch
from host.select.cells import BRIDGE_AXES
from host.starting import size


def write(path, when):
    path.write_text("{}")
    os.utime(path, (when, when))


def test_verdicts_of_this_run_arrive_once_and_the_oldest_first(tmp_path):
    paths = [tmp_path / name for name in "abcd"]
    watched = watch.Watch([str(path) for path in paths], begin=1000)
    write(paths[0], 1003)
    write(paths[1], 1001)
    write(paths[2], 999)  # an earlier run's
    assert watched.arrived() == [str(paths[1]), str(paths[0])]
    assert watched.arrived() == [] and watched.left(1004) == "2 of 4"
    write(paths[2], 1005)
    assert watched.arrived() == [str(paths[2])] and watched.to_come == {str(paths[3])}


def test_the_time_left_is_said_once_it_can_be_estimated(tmp_path):
    watched = watch.Watch([str(n) for n in range(40)], begin=1000)
    watched.to_come = {str(n) for n in range(30)}
    assert watched.left(1100) == "10 of 40, 5 min left"
    watched.to_come = {str(n) for n in range(31)}
    assert watched.left(1100) == "9 of 40"
    watched.to_come = set()
    assert watched.left(1100) == "40 of 40"


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "10 s"), (44, "40 s"), (89, "90 s"), (100, "2 min"), (3000, "50 min"), (9000, "2.5 h")]
)
def test_a_time_that_is_estimated(seconds, words):
    assert watch.duration(seconds) == words


def test_a_line_has_the_verdict_its_note_the_cell_and_how_far_the_run_is():
    style = terminal.Style(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    cell = {"verdict": "broken", "note": "known", "path": "a/b/c"}
    assert watch.line(cell, "1 of 6", style) == "✕ broken, known          a/b/c   (1 of 6)"
    assert watch.line(dict(cell, verdict="kept", note="none"), "", style) == "✓ kept                   a/b/c"
    plain = terminal.Style(io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert watch.line(cell, "", plain).startswith("x broken, known")


def start(folder, *more):
    """The process that the workflow starts, for the verdicts that lie in the folder."""
    command = [sys.executable, "-m", "host.report.watch", "--to-come", "to_come.json", "--cells", "cells.json"]
    command += ["--page", "so_far.html", "--environments", str(ROOT / "envs"), *more]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    """(a folder with the verdicts of a run, their paths); the page lists one more cell, which is never judged."""
    fake.write(tmp_path, [fake.verdict(*axes, fake.random.Random(1)) for axes in AXES])
    paths = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("results/verified/**/verdict.json"))
    cells = json.loads((tmp_path / "cells.json").read_text())
    cells["cells"].append(cells["cells"][0].replace("/h5/", "/keras_archive/"))
    (tmp_path / "cells.json").write_text(json.dumps(cells))
    (tmp_path / "to_come.json").write_text(json.dumps([*paths, "never"]))
    return tmp_path, paths


RUNTIME = fake.RUNTIMES[0]
AXES = [(RUNTIME, "digit_mlp", "h5", RUNTIME, "load_model", use) for use in ("inference", "evaluate")]


def touch(folder, paths):
    for path in paths:
        later = time.time() + 5
        os.utime(folder / path, (later, later))


def test_each_verdict_is_printed_as_it_comes_and_the_page_says_that_the_run_goes_on(run):
    folder, paths = run
    watching = start(folder, "--parent", str(os.getpid()))
    touch(folder, paths)
    lines = [watching.stdout.readline() for _ in paths]
    assert all(any(path[len("results/verified/") : -len("/verdict.json")] in line for line in lines) for path in paths)
    assert lines[-1].rstrip().endswith("(2 of 3)")
    page = wait_until(lambda: (folder / "so_far.html").exists() and (folder / "so_far.html").read_text(), "the page")
    assert "The run goes on: 2 of 3 cells are judged." in page and 'http-equiv="refresh"' in page
    watching.terminate()
    assert watching.wait(10) == 0


def test_what_came_last_is_printed_before_it_ends(run):
    folder, paths = run
    watching = start(folder, "--parent", str(os.getpid()))
    touch(folder, paths[:1])
    first = watching.stdout.readline()
    touch(folder, paths[1:])
    watching.terminate()
    rest = watching.communicate(timeout=20)[0]
    assert len([first, *rest.splitlines()]) == len(paths) and watching.returncode == 0


def test_a_page_that_cannot_be_written_ends_nothing(run):
    folder, paths = run
    (folder / "so_far.new").mkdir()  # as a full disk would refuse it
    watching = start(folder, "--parent", str(os.getpid()))
    touch(folder, paths[:1])
    assert watching.stdout.readline()
    touch(folder, paths[1:])
    assert watching.stdout.readline(), "the next verdict is printed all the same"
    watching.terminate()
    assert watching.wait(20) == 0 and not (folder / "so_far.html").exists()


def test_a_bridge_has_a_line_with_all_its_axes_and_no_note():
    cell = dict(zip(BRIDGE_AXES, "pqrstuvwxy", strict=True))
    style = terminal.Style(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    line = watch.line(watch.bridge({"verdict": "broken", "cell": cell}), "", style)
    assert line == "✕ broken                 p/q/r/s/t/u/v/w/x/y"


def test_it_ends_with_the_run_that_started_it(run):
    folder, _ = run
    watching = start(folder, "--parent", "1")
    assert gone(watching.pid, 20)
    watching.communicate()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((187, 503, 1, 2), "187 cells by 503 jobs: about 6 minutes on 2 cores, and 2 GB in results/ (1 environment to"),
        ((1, 4, 0, 1), "1 cell by 4 jobs: about 1 minute on 1 core, and 1 MB in results/."),
        ((0, 95, 0, 2, 41), "41 bridges by 95 jobs: about 1 minute on 2 cores, and 20 MB in results/."),
        ((11, 115, 2, 2, 38), "11 cells and 38 bridges by 115 jobs:"),
        ((5123, 14000, 0, None), "5,123 cells by 14,000 jobs: 3 GB in results/."),
    ],
)
def test_what_a_run_costs(numbers, words):
    assert size.sentence(*numbers).startswith(words)
