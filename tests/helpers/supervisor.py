"""Calls scripts/step.py in a folder of its own, with a step that fails in the way that its argument names."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from helpers.places import SCRIPTS

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
    """The text of a file, once there is any."""
    return wait_until(lambda: path.exists() and path.read_text(), path, seconds)


def wait_until(value, what="", seconds=30.0):
    """What ``value()`` returns, once that is true."""
    until = time.monotonic() + seconds
    while not (found := value()):
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.02)
    return found
