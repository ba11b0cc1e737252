"""The supervisor (scripts/step.py): whatever a step does, it becomes a result with evidence, and no process is left."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.places import SCRIPTS
from helpers.supervisor import Tool, as_at_a_terminal, gone, wait_for, wait_until

from roundtrip import faults, stage
from warmstep import installed, packages, processes


@pytest.fixture(params=["plain", "warm"])
def step(request, tmp_path):
    """Call scripts/step.py in a folder of its own; the warm interpreters are gone after the test."""
    tool = Tool(tmp_path, request.param)
    yield tool
    tool.finish()


def test_success_adds_nothing(step):
    done, result = step.does("well")
    assert done.returncode == 0 and result == {}
    assert "stage.txt" not in os.listdir(step.out)


@pytest.mark.parametrize(
    ("what", "outcome", "kind", "where"),
    [
        ("abort", "crashed", "SIGABRT", "load"),
        ("segfault", "crashed", "SIGSEGV", "load"),
        ("three", "crashed", "ExitCode 3", "load"),
        ("nothing", "crashed", "NoResult", "load"),
        ("late", "crashed", "SIGABRT", "exit"),
    ],
)
def test_a_death_is_a_result(step, what, outcome, kind, where):
    done, result = step.does(what)
    assert done.returncode == 0
    assert (result["outcome"], result["error"]["type"], result["error"]["stage"]) == (outcome, kind, where)
    assert (
        set(result) == {"cell", "checksum", "outcome", "error", "diagnostics", "seconds"}
        and result["seconds"]["total"] < 30
    )
    if where == "load":
        assert result["error"]["traceback"].startswith("a last word\n")
        assert {"source": "stderr", "category": "", "message": "a last word"} in result["diagnostics"]
    if what == "abort":
        assert "step.py" in result["error"]["traceback"], "the Python stack is evidence"
    assert sorted(os.listdir(step.out)) == ["r.json", "r.npz"]


@pytest.mark.parametrize("what", ["early-abort", "early-three", "early-nothing", "early-hang"])
def test_what_ends_before_the_path_has_begun_is_not_run(step, what):
    done, result = step.does(what, "--timeout", "1")
    assert done.returncode == faults.EXIT_CODE and result is None
    assert "Nothing of the path had begun" in reason(step)


def reason(step):
    """Why the step was not run; nothing else may be left of it."""
    names = [name for name in os.listdir(step.out) if not name.startswith("child")]
    assert names == [faults.FILE]
    return json.loads((step.out / faults.FILE).read_text())["reason"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_step_that_somebody_else_killed_is_not_run(step, number):
    words = [sys.executable, str(step.folder / "step.py"), "hang", str(step.out)]
    running = step.popen(*words, options=["--out", str(step.out), "--result", "r"], stderr=subprocess.DEVNULL)
    os.kill(int(wait_for(step.out / "child")), number)
    assert running.wait(20) == faults.EXIT_CODE
    assert number.name in reason(step) or "exited with code" in reason(step) or "KeyboardInterrupt" in reason(step)
    for name in ("child0", "child1"):
        assert gone((step.out / name).read_text()), "a step's descendants end with it"


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded", "Too many open files"])
def test_a_step_that_dies_of_the_machine_is_not_run(step, words):
    done = step.python(DIES_AND_SAYS, str(step.out), words, options=["--out", str(step.out), "--result", "r"])
    assert done.returncode == faults.EXIT_CODE and words in reason(step)


DIES_AND_SAYS = """
import os, sys
os.makedirs(sys.argv[1], exist_ok=True)
with open(os.path.join(sys.argv[1], "stage.txt"), "w") as f:
    f.write("save")
with open(os.path.join(sys.argv[1], "stderr.txt"), "w") as f:
    f.write("first\\nHDF5: errno = 28, error message = '%s'\\nlast\\n" % sys.argv[2])
os.abort()
"""


def test_a_step_that_was_run_leaves_no_reason_behind(step):
    step.does("early-three")
    assert (step.out / faults.FILE).exists()
    assert step.does("well")[0].returncode == 0 and not (step.out / faults.FILE).exists()


@pytest.mark.parametrize("moved", ["keras", "h5py-3.0.dist-info"])
def test_a_step_in_an_environment_that_lost_a_package_is_not_run(step, tmp_path, moved):
    root = tmp_path / "environments" / "tf0"
    packages = root / "venv/lib/python3.99/site-packages"
    for name in ("keras", "h5py-3.0.dist-info"):
        (packages / name).mkdir(parents=True)
    (root / "venv/bin").mkdir()
    (root / "venv/bin/python").symlink_to(sys.executable)
    (root / installed.LISTING).write_text("\n".join(installed.entries(str(packages))))
    words = [str(root / "venv/bin/python"), str(step.folder / "step.py"), "well", str(step.out)]
    options = ["--out", str(step.out), "--result", "r", "--environment", str(root), "--runner", "plain"]
    assert step.run(*words, options=options).returncode == 0
    (packages / moved).rename(tmp_path / "aside")
    assert step.run(*words, options=options).returncode == faults.EXIT_CODE
    assert f"tf0 is not what was built: {moved} is missing" in reason(step) and f"remove {root}" in reason(step)
    (tmp_path / "aside").rename(packages / moved)
    assert step.run(*words, options=options).returncode == 0


@pytest.mark.parametrize("folders", [["one"], ["one", "two"]])
def test_a_step_in_a_taken_environment_that_has_changed_is_not_run(step, tmp_path, folders):
    """What the run began with: the next run begins with what is there then."""
    root, paths = tmp_path / "environments" / "own", [tmp_path / name for name in folders]
    root.mkdir(parents=True)
    for path in paths:
        (path / "keras").mkdir(parents=True)
    (root / installed.LISTING).write_text(installed.listing(map(str, paths)))
    words = [sys.executable, str(step.folder / "step.py"), "well", str(step.out)]
    options = ["--out", str(step.out), "--result", "r", "--environment", str(root)]
    assert step.run(*words, options=options).returncode == 0
    (paths[-1] / "small-1.0.dist-info").mkdir()
    assert step.run(*words, options=options).returncode == faults.EXIT_CODE
    assert "own was changed since the run began: small-1.0.dist-info was added. Run again" in reason(step)
    assert not (step.out / "r.json").exists()
    (root / installed.LISTING).write_text(installed.listing(map(str, paths)))
    assert step.run(*words, options=options).returncode == 0


def test_a_file_that_the_user_changed_in_a_taken_environment_is_a_part_of_it(tmp_path):
    packages_, root = tmp_path / "venv/lib/python3.99/site-packages", tmp_path / "root"
    (packages_ / "small-1.0.dist-info").mkdir(parents=True)
    (packages_ / "small.py").write_text("changed by hand")
    (packages_ / "small-1.0.dist-info/RECORD").write_text("small.py,sha256=00,1\n")
    root.mkdir()
    (root / installed.LISTING).write_text(installed.listing([str(packages_)]))
    assert packages.damage(str(root)) == ""
    (tmp_path / installed.LISTING).write_text("\n".join(installed.entries(str(packages_))))
    assert packages.damage(str(tmp_path)) == "small.py is changed"


def test_a_hang_is_a_result_and_leaves_no_process(step):
    done, result = step.does("hang", "--timeout", "1")
    assert done.returncode == 0
    assert (result["outcome"], result["error"]["type"]) == ("timeout", "TimeLimit")
    assert "after 1 s" in result["error"]["message"]
    assert "in <module>" in result["error"]["traceback"], "where it hung"
    assert 1 <= result["seconds"]["total"] < 5
    for name in ("child", "child0", "child1"):
        assert gone((step.out / name).read_text())


@pytest.mark.parametrize("what", ["eat", "others-eat"])
def test_memory_without_end_is_a_result(step, what):
    done, result = step.does(what, "--memory", "200", "--timeout", "30")
    assert done.returncode == 0
    assert (result["outcome"], result["error"]["type"]) == ("out_of_memory", "MemoryLimit")
    assert 200e6 < result["error"]["resident_bytes"] < 1000e6


def test_an_older_result_is_not_taken_for_this_ones(step):
    step.out.mkdir()
    (step.out / "r.json").write_text('{"outcome": "loaded"}')
    assert step.does("nothing")[1]["outcome"] == "crashed"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_cancelled(step, number):
    words = [sys.executable, str(step.folder / "step.py"), "hang", str(step.out)]
    running = step.popen(*words, options=["--out", str(step.out), "--result", "r"])
    wait_for(step.out / "child")
    running.send_signal(number)
    assert running.wait(10) == -number
    for name in ("child", "child0", "child1"):
        assert gone((step.out / name).read_text())
    assert not (step.out / "r.json").exists()


def test_killed_supervisor_takes_the_step_along(step):
    running = step.popen(sys.executable, str(step.folder / "step.py"), "hang", str(step.out))
    child = wait_for(step.out / "child")
    running.kill()
    running.wait()
    assert gone(child)
    os.kill(int((step.out / "child1").read_text()), signal.SIGKILL)  # left the group: nobody else can find it
    if step.runner == "plain":  # the kernel kills the step with its parent, not what the step started
        os.kill(int((step.out / "child0").read_text()), signal.SIGKILL)
    assert gone((step.out / "child0").read_text())


def workflow(command, environment):
    """What Snakemake does: a shell that runs a step. Not as under nohup, where a step lives on."""
    source = "import subprocess, sys; subprocess.run(['bash', '-c', sys.argv[1] + '; true'])"
    words = [sys.executable, "-c", source, " ".join(command)]
    return subprocess.Popen(words, env=environment, preexec_fn=as_at_a_terminal)


def test_a_step_does_not_outlive_a_killed_workflow(step):
    command = step.command(sys.executable, str(step.folder / "step.py"), "hang", str(step.out))
    running = workflow(command, step.environment)
    child = wait_for(step.out / "child")
    running.kill()
    running.wait()
    assert gone(child)


def who_holds_a_lock(leader):
    """The process below the leader that has a lock file open: a supervisor that starts a server, or waits for it."""
    for pid in processes.tree(leader):
        if any(os.path.realpath(link).endswith(".lock") for link in Path(f"/proc/{pid}/fd").glob("*")):
            return pid
    return None


SLOW_TO_IMPORT = """
import os, time
for name, number in (("supervisor", os.getppid()), ("server", os.getpid())):
    with open(os.path.join(os.environ["TF_TOLD"], name), "w") as f:
        f.write(str(number))
time.sleep(600)
"""


def test_a_supervisor_does_not_outlive_a_killed_workflow_while_a_server_imports(tmp_path):
    (tmp_path / "slow_to_import.py").write_text(SLOW_TO_IMPORT)
    step = Tool(tmp_path, "warm", preload="slow_to_import")
    step.environment.update(PYTHONPATH=str(tmp_path), TF_TOLD=str(tmp_path))
    command = step.command(sys.executable, str(tmp_path / "step.py"), "well", str(step.out))
    running = [workflow(command, step.environment) for _ in range(2)]  # one starts the server, one waits for it
    supervisor, server = wait_for(tmp_path / "supervisor"), wait_for(tmp_path / "server")
    supervisors = [wait_until(lambda one=one: who_holds_a_lock(one.pid), "a lock") for one in running]
    assert int(supervisor) in supervisors
    for one in running:
        one.kill()
        one.wait()
    assert [gone(pid) for pid in (*supervisors, server)] == [True] * 3
    step.finish()


def test_an_environment_that_could_not_be_built_is_a_result(step):
    (step.folder / "environment.json").write_text('{"outcome": "unbuildable", "reason": "no Python 3.7", "detail": []}')
    python = step.folder / "venv/bin/python"
    options = ["--out", str(step.out), "--result", "r", "--environment", str(step.folder)]
    step.run(str(python), "x.py", options=options)
    found = json.loads((step.out / "r.json").read_text())
    assert (found["outcome"], found["error"]["message"]) == ("unbuildable", "no Python 3.7")
    (step.out / "r.json").unlink()
    (step.folder / "environment.json").write_text('{"outcome": "built"}')
    assert step.run(str(python), "x.py", options=options).returncode == 75
    assert "its interpreter is missing" in reason(step)
    assert not (step.out / "r.json").exists()


def test_without_a_result_the_end_is_passed_on(step):
    assert step.python("raise SystemExit(7)").returncode == 7
    assert step.python("import os; os.kill(os.getpid(), 15)").returncode == -15
    assert step.python("import time; time.sleep(60)", options=["--timeout", "0.5"]).returncode == 124
    assert step.python("raise ValueError('x')").returncode == 1
    assert step.run(sys.executable, "/no/such/script").returncode == 2


def test_what_every_step_sees(step):
    source = "import os; print(hash('a'), os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    step.environment.update(PYTHONHASHSEED="7", OMP_NUM_THREADS="8")
    first = step.python(source).stdout
    step.environment.update(PYTHONHASHSEED="random", OPENBLAS_NUM_THREADS="2")
    assert step.python(source).stdout == first and first.endswith(b" 1 1\n")


def test_usage():
    tool = [sys.executable, "-I", "-S", SCRIPTS / "step.py"]
    for words in ("--out x -- a b", "--runner cold -- a b", "--timeout x -- a b", "a", "--no 1 -- a b", "-- python"):
        assert subprocess.run([*tool, *words.split()], capture_output=True).returncode == 2
    assert b"--timeout S" in subprocess.run([*tool, "--help"], capture_output=True).stdout


def test_the_stage_is_kept_beside_the_result_until_the_end(tmp_path):
    at = stage.Position(str(tmp_path), {"model": "m"})
    at["stage"] = "train"
    at["stage"] = "save"
    assert (tmp_path / "stage.txt").read_text() == at["stage"] == "save"
    assert json.loads((tmp_path / "cell.json").read_text()) == {"model": "m"}
    at.forget()
    assert os.listdir(tmp_path) == []
