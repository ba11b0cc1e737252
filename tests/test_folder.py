"""The folder that a run works in: its lock, what is refused in it, and a name that a shell would read."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv

import pytest
from helpers.places import ROOT, SCRIPTS, needs_tensorflow
from helpers.project import SNAKEMAKE, copy_project, copy_with_environment, rows
from helpers.runtimes import ENVIRONMENT

from host import schemas
from host.select import runtimes
from host.starting import folder

HOLD = "import sys; from host.starting import folder; print(folder.hold(clean=True), flush=True); sys.stdin.read()"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder in which a run was killed."""
    monkeypatch.chdir(tmp_path)
    folder.LOCKS.mkdir(parents=True)
    (folder.LOCKS / "0.input.lock").write_text("a\n")
    return tmp_path


def holder(here):
    """(a process that holds the folder's lock, how many stale files it has removed)."""
    command, environment = [sys.executable, "-c", HOLD], dict(os.environ, PYTHONPATH=str(SCRIPTS))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = subprocess.Popen(command, cwd=here, env=environment, **pipes)
    return running, int(running.stdout.readline())


def test_a_killed_run_leaves_nothing_to_unlock(here):
    folder.HELD.write_text(folder.socket.gethostname())
    first, removed = holder(here)
    assert removed == 1 and not list(folder.LOCKS.glob("*"))
    (folder.LOCKS / "0.input.lock").write_text("a\n")
    second, removed = holder(here)
    assert removed == 0 and (folder.LOCKS / "0.input.lock").exists(), "the first one lives"
    first.kill()
    first.wait()
    third, removed = holder(here)
    assert removed == 0, "the second one lives"
    for running in (second, third):
        running.kill()
        running.wait()
    fourth, removed = holder(here)
    fourth.communicate()
    assert removed == 1


@pytest.mark.parametrize("last", ["another machine", ""])
def test_what_another_machine_may_have_locked_stays_locked(here, last):
    folder.HELD.write_text(last)
    running, removed = holder(here)
    running.communicate()
    assert removed == 0 and (folder.LOCKS / "0.input.lock").exists() and folder.HELD.read_text() == last


def test_the_run_after_a_killed_one_goes_on_by_itself(tmp_path):
    copy_project(tmp_path)
    command = [*SNAKEMAKE, "--cores", "1", "results/data/digits.npz"]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 100
    while not list((tmp_path / folder.LOCKS).glob("*.lock")):
        assert time.monotonic() < until and running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGSTOP)
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode and "Directory cannot be locked" in again.stderr, "a run that lives is left alone"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert list((tmp_path / folder.LOCKS).glob("*.lock"))
    shutil.rmtree(tmp_path / "results", ignore_errors=True)
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 0 and "its lock is removed" in again.stderr, again.stderr
    assert (tmp_path / "results/data/digits.npz").exists()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder.refuse_unwritable("results")
    (tmp_path / "results").write_text("")
    with pytest.raises(schemas.ConfigError, match="results: it is a file"):
        folder.refuse_unwritable("results")
    (tmp_path / "results").unlink()
    (tmp_path / "results").mkdir()
    folder.refuse_unwritable("results")
    monkeypatch.setattr(folder.os, "access", lambda path, mode: not mode & os.W_OK)  # root may write anywhere
    with pytest.raises(schemas.ConfigError, match="results: user .* may not write"):
        folder.refuse_unwritable("results")


ODD = """it's a "test" $1"""
ONE_CELL = """
epochs: {before: 5, after: 1}
environments: ["more $(touch ran) 'envs'"]
matrix: [{producers: tf2.21-keras3, models: dense_regression, formats: h5, loaders: load_model, uses: inference}]
"""


@needs_tensorflow
def test_a_project_whose_path_a_shell_would_read_works(tmp_path):
    """A space, quotes and a dollar in the path of the folder and of its interpreter: every kind of job."""
    project = tmp_path / ODD
    copy_with_environment(project, ONE_CELL)
    (project / "more $(touch ran) 'envs'").mkdir()
    venv.create(project / ".venv", symlinks=True)
    (packages,) = (project / ".venv/lib").glob("python3*/site-packages")
    (packages / "host.pth").write_text(sysconfig.get_path("purelib"))
    command = [project / ".venv/bin/python", "-m", "snakemake", "--cores", "1"]
    shutil.copytree(ROOT / "results/data", project / "results/data")
    for words in (["-n"], []):
        done = subprocess.run([*command, *words], cwd=project, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
    (row,) = rows(project)
    assert row["outcome"].startswith("loaded")
    assert not (project / "ran").exists()


def test_an_environments_variables_are_no_commands():
    environment = ENVIRONMENT | {"id": "tf $(touch ran)", "apis": {"keras3": {"module": "keras", "version": "3.15.1"}}}
    environment["apis"]["keras3"]["variables"] = {"TF_A": "1; touch ran $(touch ran) 'x'"}
    step = runtimes.Runtime(environment, "keras3").step
    source = f"{step['assignments']} env; echo {step['python']} {step['arguments']}"
    said = subprocess.run(["bash", "-c", source], capture_output=True, text=True, check=True).stdout.splitlines()
    assert "TF_A=1; touch ran $(touch ran) 'x'" in said
    assert said[-1].endswith("--runtime tf $(touch ran)-keras3 --module keras") and not os.path.exists("ran")
