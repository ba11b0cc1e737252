"""The supervisor (scripts/step.py): whatever a step does, it ends as a result with evidence and leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roundtrip import stage

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"

#: A step that gets as far as the stage "load", as roundtrip.stage would, and then does what its name says.
STEP = """
import os, signal, subprocess, sys, time
what, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)

def write(name, text):
    with open(os.path.join(out, name), "w") as f:
        f.write(text)

if what.startswith("early-"):
    what = what[6:]
else:
    write("stage.txt", "load")
    write("stderr.txt", "")
    os.dup2(os.open(os.path.join(out, "stderr.txt"), os.O_WRONLY | os.O_APPEND), 2)
    os.mkdir(os.path.join(out, "moved-x"))
    write("moved-x/artifact", "x")
    write("r.npz.1.tmp", "half")
os.write(2, b"a last word\\n")
if what in ("well", "late"):
    write("r.json", "{}")
    os.remove(os.path.join(out, "stage.txt"))
    os.remove(os.path.join(out, "stderr.txt"))
if what in ("abort", "late"):
    os.abort()
if what == "segfault":
    os.kill(os.getpid(), signal.SIGSEGV)
if what == "three":
    os._exit(3)
if what == "hang":
    for apart in (False, True):
        write("child%d" % apart, str(subprocess.Popen(["sleep", "600"], start_new_session=apart).pid))
    write("child", str(os.getpid()))
    time.sleep(600)
if what == "eat":
    eaten = []
    while True:
        eaten.append(b"x" * 5000000)
        time.sleep(0.005)
if what == "others-eat":
    for i in range(3):
        subprocess.Popen([sys.executable, "-c", "import time; x = b'x' * 100000000; time.sleep(600)"])
    time.sleep(600)
"""


@pytest.fixture(params=["plain", "warm"])
def step(request, tmp_path):
    """Call scripts/step.py in a folder of its own; the warm interpreters are gone after the test."""
    tool = Tool(tmp_path, request.param)
    yield tool
    tool.finish()


def as_at_a_terminal():
    """nohup, and a shell's background job, have some signals ignored; a step then rightly ignores them too."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Tool:
    def __init__(self, folder, runner, scripts=SCRIPTS, preload="json"):
        self.folder, self.runner, self.scripts, self.preload = folder, runner, scripts, preload
        self.out, self.sockets = folder / "out", folder / "sockets"
        self.environment = dict(os.environ, KERAS_ROUNDTRIP_WARM_DIR=str(self.sockets))
        (folder / "step.py").write_text(STEP)

    def command(self, *words, options=()):
        script = str(self.scripts / "step.py")
        options = ["--runner", self.runner, "--preload", self.preload, "--idle", "20", *options]  # the last one counts
        return [sys.executable, "-I", "-S", script, *options, "--", *words]

    def popen(self, *words, options=(), **more):
        more = {"env": self.environment, "preexec_fn": as_at_a_terminal, **more}
        return subprocess.Popen(self.command(*words, options=options), **more)

    def run(self, *words, options=(), **more):
        more = {"env": self.environment, "capture_output": True, "timeout": 60, "cwd": self.folder, **more}
        return subprocess.run(self.command(*words, options=options), **more)

    def python(self, source, *words, options=(), python=sys.executable, **more):
        script = self.folder / f"script{abs(hash(source))}.py"
        script.write_text(source)
        return self.run(python, str(script), *words, options=options, **more)

    def does(self, what, *options):
        """Run STEP; its result or None."""
        options = ["--out", str(self.out), "--result", "r", *options]
        done = self.run(sys.executable, str(self.folder / "step.py"), what, str(self.out), options=options)
        assert b"no warm interpreter" not in done.stderr
        result = self.out / "r.json"
        return done, json.loads(result.read_text()) if result.exists() else None

    def servers(self):
        listed = subprocess.run(
            [sys.executable, self.scripts / "warm.py", "--list"], env=self.environment, capture_output=True, text=True
        )
        return [line.split("\t")[0] for line in listed.stdout.splitlines()]

    def finish(self):
        if self.sockets.exists() and self.sockets.stat().st_mode & 0o77 == 0:
            subprocess.run([sys.executable, self.scripts / "warm.py", "--stop"], env=self.environment, check=True)
            assert [p.name for p in self.sockets.iterdir()] == []


def gone(pid, seconds=5.0):
    """Whether a process is gone, or dead and not yet reaped, after a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def wait_for(path, seconds=30.0):
    until = time.monotonic() + seconds
    while not path.exists() or not path.read_text():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.02)
    return path.read_text()


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
        ("early-abort", "crashed", "SIGABRT", None),
        ("late", "crashed", "SIGABRT", "exit"),
    ],
)
def test_a_death_is_a_result(step, what, outcome, kind, where):
    done, result = step.does(what)
    assert done.returncode == 0
    assert (result["outcome"], result["error"]["type"], result["error"]["stage"]) == (outcome, kind, where)
    assert set(result) == {"cell", "outcome", "error", "diagnostics", "seconds"} and result["seconds"]["total"] < 30
    if where == "load":
        assert result["error"]["traceback"].startswith("a last word\n")
        assert {"source": "stderr", "category": "", "message": "a last word"} in result["diagnostics"]
    if what == "abort":
        assert "step.py" in result["error"]["traceback"], "the Python stack is evidence"
    assert os.listdir(step.out) == ["r.json"]


def test_a_fault_before_the_first_stage_is_no_result(step):
    for what, code in (("early-three", 3), ("early-nothing", 1)):
        done, result = step.does(what)
        assert done.returncode == code and result is None


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


def test_a_step_does_not_outlive_a_killed_workflow(step):
    command = step.command(sys.executable, str(step.folder / "step.py"), "hang", str(step.out))
    workflow = subprocess.Popen(  # what Snakemake does: a shell that runs the step
        [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run(['bash', '-c', sys.argv[1] + '; true'])",
            " ".join(command),
        ],
        env=step.environment,
        preexec_fn=as_at_a_terminal,
    )  # fmt: skip - under nohup a step lives on
    child = wait_for(step.out / "child")
    workflow.kill()
    workflow.wait()
    assert gone(child)


def test_an_environment_that_could_not_be_built_is_a_result(step):
    (step.folder / "environment.json").write_text('{"outcome": "unbuildable", "reason": "no Python 3.7", "detail": []}')
    python = step.folder / "venv/bin/python"
    step.run(str(python), "x.py", options=["--out", str(step.out), "--result", "r"])
    found = json.loads((step.out / "r.json").read_text())
    assert (found["outcome"], found["error"]["message"]) == ("unbuildable", "no Python 3.7")
    (step.out / "r.json").unlink()
    (step.folder / "environment.json").write_text('{"outcome": "built"}')
    assert step.run(str(python), "x.py", options=["--out", str(step.out), "--result", "r"]).returncode == 127
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
