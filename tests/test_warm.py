"""The warm interpreter (scripts/warmstep): a forked step behaves like a new process, and the server does no harm."""

import glob
import hashlib
import importlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.places import ROOT, SCRIPTS
from helpers.supervisor import Tool, gone, wait_for

PYTHONS = {int(m[1]): m.string for m in (re.match(r".*/versions/3\.(\d+)\.\d+/bin/python$", p) for p in
           glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python"))) if m and int(m[1]) >= 7}  # fmt: skip
PYTHONS = [PYTHONS[minor] for minor in sorted(PYTHONS)] or [sys.executable]
ENVIRONMENTS = sorted(glob.glob(str(ROOT / "results/environments/*/venv/bin/python")))
ENVIRONMENTS += [os.environ["ROUNDTRIP_TEST_PYTHON"]] if "ROUNDTRIP_TEST_PYTHON" in os.environ else []

# ROUNDTRIP_STEP is left out: each step has its own, by which its processes are found
CIRCUMSTANCES = """
import json, os, resource, signal, sys, threading
json.dump({
    "argv": sys.argv[1:], "path": sys.path, "name": __name__, "file": __file__, "executable": sys.executable,
    "is main": sys.modules["__main__"].__dict__ is globals(), "loader": type(__loader__).__name__,
    "flags": str(sys.flags), "hash": hash("abc"), "folder": os.getcwd(),
    "environment": sorted(e for e in os.environ.items() if e[0] != "ROUNDTRIP_STEP"),
    "umask": os.umask(0), "processors": sorted(os.sched_getaffinity(0)), "niceness": os.nice(0),
    "limits": [resource.getrlimit(i) for i in range(16)], "files": sorted(os.listdir("/proc/self/fd")),
    "signals": [str(signal.getsignal(i)) for i in range(1, 32)], "threads": threading.active_count(),
    "mask": [int(i) for i in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    "leads": os.getpid() == os.getpgid(0) == os.getsid(0),
    "ours": [m for m in ("child", "identity", "loop", "server") if m in sys.modules],
    "streams": [[s.name, s.mode, s.encoding, s.errors, s.line_buffering, s.seekable(), s.isatty(),
                 type(s.buffer).__name__] for s in (sys.stdin, sys.stdout, sys.stderr)],
}, sys.stdout)
"""

#: name -> a script, to be ended alike by both runners: the same output, the same exit
ENDINGS = {
    "exit": "raise SystemExit(41)",
    "text": "raise SystemExit('no more')",
    "big": "raise SystemExit(256 + 3)",
    "error": "def f():\n    1 / 0\nf()",
    "syntax": "def",
    "interrupt": "raise KeyboardInterrupt",
    "signal": "import os; os.kill(os.getpid(), 9)",
    "abort": "import os; os.abort()",
    "closing": "import atexit, threading, time\natexit.register(print, 'last')\n"
    "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()\nprint('first')",
    "open file": "f = open('left', 'w')\nf.write('x' * 10)",
    "hook": "import sys\nsys.excepthook = lambda *a: print('hooked', a[0])\n1 / 0",
    "pickle": "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))))",
    "fork": "import multiprocessing as m\ndef f(x): return x + 1\n"
    "if __name__ == '__main__': print(m.get_context('fork').Pool(2).map(f, range(5)))",
    "spawn": "import multiprocessing as m\ndef f(x): return x + 1\n"
    "if __name__ == '__main__': print(m.get_context('spawn').Pool(1).map(f, range(2)))",
}


@pytest.fixture
def warm(tmp_path):
    tool = Tool(tmp_path, "warm")
    yield tool
    tool.finish()


def is_warm(done):
    return b"no warm interpreter" not in done.stderr


@pytest.mark.parametrize("python", PYTHONS)
def test_a_child_is_as_a_new_process(warm, python):
    """For every Python: arguments, modules, streams, limits, signals, descriptors."""
    warm.environment["LC_ALL"] = "C.UTF-8"

    def narrow():
        os.umask(0o27)
        os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        resource.setrlimit(resource.RLIMIT_CPU, (77, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    seen = []
    warm.python("pass", python=python)  # the server does not start in the circumstances that are asked for
    (warm.folder / "elsewhere").mkdir()
    warm.environment["SOMETHING"] = "ä\udcff"
    for runner in ("warm", "plain"):
        done = warm.python(CIRCUMSTANCES, "ä b", "", python=python, options=["--runner", runner], preexec_fn=narrow,
                           cwd=warm.folder / "elsewhere")  # fmt: skip
        assert done.returncode == 0 and is_warm(done), done.stderr
        seen.append(json.loads(done.stdout))
    assert seen[0] == seen[1]
    assert seen[0]["umask"] == 0o27 and seen[0]["limits"][resource.RLIMIT_NOFILE][0] == 200


@pytest.mark.parametrize("python", [PYTHONS[0], PYTHONS[-1]])
def test_every_ending_is_the_same(warm, python):
    for name, source in ENDINGS.items():
        ends = {}
        for runner in ("warm", "plain"):
            done = warm.python(source, python=python, options=["--runner", runner])
            assert is_warm(done)
            said = re.sub(rb"0x[0-9a-f]+", b"0x", done.stderr)
            if name in ("interrupt", "abort"):  # the interpreter's own frames differ
                said = said[:40]
            left = warm.folder / "left"
            ends[runner] = (done.returncode, done.stdout, said, left.read_text() if left.exists() else None)
            left.unlink(missing_ok=True)
        assert ends["warm"] == ends["plain"], name


def test_a_module_is_run_as_the_interpreter_runs_it(warm):
    (warm.folder / "mine.py").write_text("import sys; print(__name__, sys.argv, sys.path[0], __spec__.name)")
    seen = [warm.run(sys.executable, "-m", "mine", "x", options=["--runner", r]).stdout for r in ("warm", "plain")]
    assert seen[0] == seen[1] and seen[0].startswith(b"__main__")
    assert warm.run(sys.executable, "-m", "no_such_module").returncode == 1


def test_streams(warm):
    """Bytes pass unharmed and in any amount, both ways; a closed input is an empty one; no newline is invented."""
    content = bytes(range(256)) * 40000
    source = "import sys\nb = sys.stdin.buffer.read()\nsys.stdout.buffer.write(b[::-1])\nsys.stderr.buffer.write(b)"
    done = warm.python(source, input=content)
    assert (done.returncode, done.stdout, done.stderr) == (0, content[::-1], content)
    closed = warm.python("import sys; print(repr(sys.stdin.read()))", preexec_fn=lambda: os.close(0))
    assert closed.stdout == b"''\n"
    assert warm.python("print('x')", preexec_fn=lambda: os.close(1), stdout=None).returncode == 0


def test_numpy_is_preloaded_once_and_seeded_each_time(warm):
    warm.preload = "numpy"
    source = "import sys; seen = 'numpy' in sys.modules; import numpy; print(seen, numpy.random.randint(1 << 60))"
    outputs = [warm.python(source).stdout for _ in range(3)]
    assert len(set(outputs)) == 3 and all(out.startswith(b"True ") for out in outputs)


def test_twenty_at_once_start_one_server(warm):
    source = warm.folder / "script.py"
    source.write_text("import os; print(os.getppid())")
    running = [warm.popen(sys.executable, str(source), stdout=subprocess.PIPE) for _ in range(20)]
    parents = {p.communicate(timeout=60)[0] for p in running}
    assert {p.returncode for p in running} == {0}
    assert [int(p) for p in parents] == [int(s) for s in warm.servers()]


def test_what_an_import_may_see_has_a_server_of_its_own(warm):
    for value in ("0", "1", "0"):
        warm.environment["TF_USE_LEGACY_KERAS"] = value
        assert is_warm(warm.python("pass"))
    assert len(warm.servers()) == 2
    warm.environment["ANYTHING_ELSE"] = "1"
    warm.python("pass")
    assert len(warm.servers()) == 2


def test_a_crash_harms_nobody(warm):
    slow = warm.folder / "slow.py"
    slow.write_text("import sys, time\nopen(sys.argv[1], 'w').write('x')\ntime.sleep(1)\nprint('well')")
    running = warm.popen(sys.executable, str(slow), str(warm.folder / "up"), stdout=subprocess.PIPE)
    wait_for(warm.folder / "up")
    server = warm.servers()
    assert warm.python("import os; os.abort()").returncode == -signal.SIGABRT
    assert warm.python("import os; os.killpg(0, 9)").returncode == -signal.SIGKILL
    assert running.communicate()[0] == b"well\n" and running.returncode == 0
    assert warm.servers() == server


def test_a_killed_server_is_replaced_and_its_step_run_once_more(warm):
    source = "import os, signal, sys\nif not os.path.exists('once'):\n    open('once', 'w')\n"
    source += "    os.kill(os.getppid(), signal.SIGKILL)\n    import time; time.sleep(60)\nprint('well')"
    done = warm.python(source)
    assert (done.returncode, done.stdout) == (0, b"well\n") and b"once more" in done.stderr
    assert len(warm.servers()) == 1  # the socket of the dead one, which is stale now
    assert is_warm(warm.python("pass")) and warm.servers() != ["dead"]


def test_leaves_when_idle(warm):
    warm.python("pass", options=["--idle", "1"])
    (server,) = warm.servers()
    assert gone(server, 5) and os.listdir(warm.sockets) == []


@pytest.mark.parametrize(("available", "expected"), [(3000, 600), (2000, 15), (None, 600)])
def test_waits_less_where_memory_is_short(tmp_path, monkeypatch, available, expected):
    monkeypatch.syspath_prepend(str(SCRIPTS / "warmstep"))
    loop = importlib.import_module("loop")
    lines = ["MemTotal: 10000 kB\n", f"MemAvailable: {available} kB\n"] if available else ["MemTotal: 10000 kB\n"]
    (tmp_path / "meminfo").write_text("".join(lines))
    assert loop.patience(600, tmp_path / "meminfo") == expected
    assert loop.patience(1, tmp_path / "meminfo") == 1


def test_stop_lets_the_steps_end(warm):
    slow = warm.folder / "slow.py"
    slow.write_text("import sys, time\nopen(sys.argv[1], 'w').write('x')\ntime.sleep(1)\nprint('well')")
    running = warm.popen(sys.executable, str(slow), str(warm.folder / "up"), stdout=subprocess.PIPE)
    wait_for(warm.folder / "up")
    (server,) = warm.servers()
    stopped = subprocess.run([sys.executable, SCRIPTS / "warm.py", "--stop"], env=warm.environment, capture_output=True)
    assert stopped.stdout.startswith(b"1 ")
    assert running.communicate()[0] == b"well\n" and running.returncode == 0
    assert gone(server) and os.listdir(warm.sockets) == []


def test_leaves_when_its_environment_is_built_anew(warm):
    home = warm.folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = str(home / "bin/python")
    assert is_warm(warm.python("pass", python=python))
    (first,) = warm.servers()
    time.sleep(0.01)
    os.utime(home / "pyvenv.cfg")
    assert is_warm(warm.python("pass", python=python))
    assert gone(first) and first not in warm.servers() and len(warm.servers()) == 1


def test_leaves_when_its_taken_environment_is_another(warm):
    """The stamp is elsewhere, and the packages may be in folders that have nothing to do with the interpreter's."""
    stamp = warm.folder / "environment.json"
    stamp.write_text("{}")
    options = ["--environment", str(warm.folder)]
    assert is_warm(warm.python("pass", options=options))
    (first,) = warm.servers()
    assert is_warm(warm.python("pass", options=options)) and warm.servers() == [first]
    stamp.write_text('{"identity": 1}')
    assert is_warm(warm.python("pass", options=options))
    assert gone(first) and first not in warm.servers() and len(warm.servers()) == 1


def test_edited_source_is_another_server(tmp_path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(SCRIPTS / "step.py", scripts)
    shutil.copy(SCRIPTS / "warm.py", scripts)
    shutil.copytree(SCRIPTS / "warmstep", scripts / "warmstep")
    tool = Tool(tmp_path, "warm", scripts=scripts)
    assert is_warm(tool.python("pass"))
    (first,) = tool.servers()
    with open(scripts / "warmstep/child.py", "a") as f:
        f.write("\n# edited\n")
    assert is_warm(tool.python("pass"))
    assert gone(first) and len(tool.servers()) == 1
    tool.finish()


def test_another_checkouts_server_is_not_stopped(warm, tmp_path):
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS / "warmstep", scripts / "warmstep")
    shutil.copy(SCRIPTS / "warm.py", scripts)
    warm.python("pass")
    subprocess.run([sys.executable, scripts / "warm.py", "--stop"], env=warm.environment, check=True)
    assert len(warm.servers()) == 1


def test_no_fork_with_threads(warm):
    """A module that starts a thread when it is imported: plainly, with a warning, without trying each time."""
    (warm.folder / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        f"open({str(warm.folder / 'imports')!r}, 'a').write('x')"
    )
    warm.environment["PYTHONPATH"] = str(warm.folder)
    warm.preload = "threaded"
    for _ in range(3):
        done = warm.python("print('well')")
        assert done.stdout == b"well\n" and b"the import leaves 2 threads" in done.stderr
    assert (warm.folder / "imports").read_text() == "x"
    assert warm.servers() == []


def test_a_server_that_cannot_start(warm):
    warm.preload = "no_such_module"
    for _ in range(2):
        done = warm.python("print('well')")
        assert done.stdout == b"well\n" and b"cannot import no_such_module" in done.stderr
    (warm.folder / "dies.py").write_text("import os; os.abort()")
    warm.environment["PYTHONPATH"] = str(warm.folder)
    warm.preload = "dies"
    done = warm.python("print('well')")
    assert done.stdout == b"well\n" and b"the interpreter died" in done.stderr


def test_only_a_private_folder_is_used(warm):
    warm.sockets.mkdir(mode=0o755)
    done = warm.python("print('well')")
    assert done.stdout == b"well\n" and b"mode 0700" in done.stderr and os.listdir(warm.sockets) == []
    warm.sockets.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(warm.sockets, 65534, -1)
        assert b"must belong to this user" in warm.python("print('well')").stderr
        os.chown(warm.sockets, 0, -1)
    warm.sockets.rename(warm.folder / "real")
    warm.sockets.symlink_to(warm.folder / "real")
    assert not is_warm(warm.python("pass"))
    warm.sockets.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_another_user_is_not_served(warm):
    warm.python("pass")
    (path,) = warm.sockets.glob("*.sock")
    with socket.socket(socket.AF_UNIX) as connection, open(os.devnull, "r+b") as null:
        place = os.open(warm.sockets, os.O_DIRECTORY)
        if os.fork() == 0:  # has the folder open, so that modes alone do not stop it
            os.chmod(path, 0o666)
            os.setgroups([])
            os.setuid(65534)
            try:
                os.fchdir(place)
                connection.connect(path.name)
                socket.send_fds(connection, [(2).to_bytes(4, "little")], [null.fileno()] * 3)
                os._exit(1 if connection.recv(1) else 0)
            except (ConnectionError, PermissionError):
                os._exit(0)
            finally:
                os._exit(2)
        assert os.wait()[1] == 0
        os.close(place)
    assert is_warm(warm.python("pass"))


def test_a_long_path_of_the_folder(warm):
    warm.sockets = warm.folder / ("x" * 120)
    warm.environment["KERAS_ROUNDTRIP_WARM_DIR"] = str(warm.sockets)
    assert is_warm(warm.python("pass")) and len(warm.servers()) == 1


def test_two_hundred_steps_leak_nothing(warm):
    warm.python("pass")
    (server,) = warm.servers()

    def held():
        files = sorted(os.listdir(f"/proc/{server}/fd"))
        children = Path(f"/proc/{server}/task/{server}/children")
        return files, children.read_text() if children.exists() else "", sorted(os.listdir(warm.sockets))

    script = warm.folder / "script.py"
    script.write_text("")
    before = held()
    for _ in range(50):
        running = [warm.popen(sys.executable, str(script)) for _ in range(4)]
        assert [p.wait() for p in running] == [0] * 4
    until = time.monotonic() + 10
    while held() != before and time.monotonic() < until:  # the server closes its end after the client has left
        time.sleep(0.05)
    assert held() == before and warm.servers() == [server]


def hashes(facts):
    """Every hash in a record, with where it stands."""
    if isinstance(facts, dict):
        found = {k: v for k, v in facts.items() if k in ("sha256", "state_digest", "evaluation", "outcome")}
        return {**found, **{k: hashes(v) for k, v in facts.items() if k not in ("seconds", "usage", "diagnostics")}}
    return [hashes(v) for v in facts] if isinstance(facts, list) else None


@pytest.mark.skipif(not ENVIRONMENTS, reason="no environment with TensorFlow is built in results/environments")
@pytest.mark.parametrize(("api", "module"), [("keras3", "keras"), ("keras2", "tf_keras")])
def test_training_is_the_same_bit_for_bit(warm, api, module):
    rng = np.random.default_rng(1)
    arrays = {"x_train": rng.random((200, 28, 28)), "x_test": rng.random((64, 28, 28))}
    arrays.update(y_train=rng.integers(0, 10, 200), y_test=rng.integers(0, 10, 64))
    np.savez(warm.folder / "data.npz", **arrays)
    warm.preload = "tensorflow," + module
    warm.environment.update(TF_USE_LEGACY_KERAS=str(int(api == "keras2")), CUDA_VISIBLE_DEVICES="-1")
    seen = []
    for runner in ("warm", "plain"):
        words = f"--runtime tf-{api} --module {module} --model digit_mlp --data data.npz"
        words += f" --before 1 --after 1 --out {runner}"
        options = ["--out", runner, "--result", "reference", "--runner", runner]
        done = warm.run(ENVIRONMENTS[-1], str(SCRIPTS / "train.py"), *words.split(), options=options, timeout=300)
        assert done.returncode == 0 and is_warm(done), done.stderr
        facts = json.loads((warm.folder / runner / "reference.json").read_text())
        assert facts["outcome"] == "done", facts
        arrays = np.load(warm.folder / runner / "reference.npz")
        seen.append((hashes(facts), {k: hashlib.sha256(arrays[k].tobytes()).hexdigest() for k in arrays}))
    assert seen[0] == seen[1] and seen[0][1]
