"""Faults of the machine, really injected: never a verdict, and the next undisturbed run gives the undisturbed ones.

A small matrix in a copy of the project: two formats, two runtimes, four cells. ``make faults`` does it at random.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time

import pytest
from helpers.faults import CELL, CONFIG, LOADED, SAVED, NoMount, Project, tmpfs, writing_below
from helpers.places import ENVIRONMENT, needs_tensorflow
from helpers.project import SNAKEMAKE, judged

pytestmark = needs_tensorflow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("faults") / "project")


@pytest.mark.parametrize(
    ("stage", "options"),
    [("trained", "size=16k"), ("saved", "size=64k"), ("saved", "nr_inodes=12"), ("loaded", "size=64k")],
)
def test_a_full_disk(project, stage, options):
    below = {"trained": ("trained", "saved", "loaded"), "saved": ("saved", "loaded"), "loaded": ("loaded",)}[stage]
    project.forget(*below)
    try:
        with tmpfs(project.folder / "results" / stage, options):
            project.is_not_run("No space left on device")
    except NoMount as error:
        pytest.skip(f"this user cannot mount a disk: {error}")
    project.recovers()


@pytest.mark.parametrize(
    ("stage", "number"), [("trained", signal.SIGTERM), ("saved", signal.SIGKILL), ("loaded", signal.SIGKILL)]
)
def test_a_step_that_is_killed_from_outside(project, stage, number):
    order = ["trained", "saved", "loaded"]
    project.forget(*order[order.index(stage) :])
    command = [*SNAKEMAKE, "--cores", "1"]
    running = subprocess.Popen(command, cwd=project.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kill_first(project.folder / "results" / stage, number)
    assert running.wait(300) != 0
    reasons = project.not_run()
    assert any(number.name in reason or "interrupted" in reason for reason in reasons.values()), reasons
    project.recovers()


def kill_first(results, number):
    """Kill the first step that has begun below a folder, once it has said in which stage it is."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        for file in results.rglob("stage.txt"):
            for pid in writing_below(file.parent):
                os.kill(pid, number)
                return
        time.sleep(0.002)
    raise AssertionError("no step has begun")


@pytest.mark.parametrize("package", ["keras", "h5py"])
def test_a_package_that_was_moved_away(project, package, tmp_path):
    (packages,) = (project.folder / f"results/environments/{ENVIRONMENT}/venv/lib").glob("python3*/site-packages")
    project.forget("loaded")
    shutil.move(packages / package, tmp_path / package)
    try:
        project.is_not_run(f"{package} is missing")
    finally:
        shutil.move(tmp_path / package, packages / package)
    project.recovers()


def test_a_bit_that_flipped_at_rest(project):
    """The artifact is no longer what was saved, and is saved again."""
    model = project.folder / SAVED / "artifact/model.h5"
    content = bytearray(model.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    model.write_bytes(content)
    project.forget(f"loaded/{CELL}")
    project.is_not_run("model.h5 has other bytes", cells={CELL})
    project.recovers()


def test_what_was_removed_is_made_again(project):
    """An artifact and arrays are outputs as records are."""
    arrays = [project.folder / "results" / file for file in ARRAYS]
    shutil.rmtree(project.folder / SAVED / "artifact")
    for file in arrays:
        file.unlink()
    project.recovers()
    assert all(file.exists() for file in (project.folder / SAVED / "artifact/model.h5", *arrays))


ARRAYS = (f"loaded/{CELL}/observed.npz", "trained/tf2.21-keras2/dense_regression/none/reference.npz")


def test_a_file_of_an_artifact_that_was_removed_is_made_again(project):
    (project.folder / SAVED / "artifact/model.h5").unlink()
    project.forget(f"loaded/{CELL}")
    project.is_not_run("model.h5 is missing", cells={CELL})
    project.recovers()


def test_an_observation_of_another_cell(project):
    other = project.folder / LOADED.replace("/h5/", "/keras_archive/") / "observed.json"
    shutil.copy(other, project.folder / LOADED / "observed.json")
    project.is_not_run("its format is 'keras_archive', not 'h5'", cells={CELL})
    project.recovers()


def test_a_record_that_was_edited(project):
    file = project.folder / LOADED / "observed.json"
    facts = json.loads(file.read_text())
    facts["evaluation"]["loss"] += 1
    file.write_text(json.dumps(facts))
    project.is_not_run("was changed since it was written", cells={CELL})
    project.recovers()


def test_environments_of_one_s_own_end_with_a_report(project):
    """Expectations speak of versions, so the report has to know the user's environments too."""
    own, built = project.folder / "own", project.folder / "results/environments"
    own.mkdir()
    for ending in ("yaml", "lock"):
        shutil.copy2(project.folder / f"envs/{ENVIRONMENT}.{ending}", own / f"mine.{ending}")
    shutil.copytree(built / ENVIRONMENT, built / "mine", symlinks=True, copy_function=os.link)
    (project.folder / "mine.yaml").write_text(CONFIG.replace("tf2.21-", "mine-") + "environments: [own]\n")
    done = project.run("--configfile", "mine.yaml")
    assert done.returncode == 0, done.stderr[-4000:]
    cells = judged(project.folder, "verdict", "facets_lost")
    assert {cell[0] for cell in cells} == {"mine-keras3", "mine-keras2"}
    assert list(cells.values()) == list(project.undisturbed.values())
