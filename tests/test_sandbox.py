"""The sandbox of scripts/step.py: what a step cannot read, write, reach or see, whatever it tries."""

import ctypes
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.places import SCRIPTS
from helpers.supervisor import Tool
from test_warm import PYTHONS

from warmstep import sandbox

#: without Landlock, only what refuses to run can be tested
needs_sandbox = pytest.mark.skipif(sandbox.missing() is not None, reason=f"no sandbox here: {sandbox.missing()}")

#: Tries everything that a step may not do, and what it may; leaves what happened in its folder.
STEP = """
import ctypes, json, os, shutil, signal, socket, subprocess, sys, tempfile
out, outside, sockets = sys.argv[1:4]
libc = ctypes.CDLL(None, use_errno=True)

def call(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "call")
    return "done"

def read(path):
    with open(path, "rb") as f:
        return f.read(10).decode("latin1")

def write(path):
    with open(path, "w") as f:
        return f.write("x")

def own():
    write(out + "/a"); shutil.copy2(out + "/a", out + "/b"); os.rename(out + "/b", out + "/c")
    os.mkdir(out + "/d"); os.rmdir(out + "/d"); os.remove(out + "/c")
    with tempfile.NamedTemporaryFile() as f:
        f.write(b"x"); f.flush()
    return "done"

def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as s:
        s.connect(address)
    return "connected"

def unix(path):
    return connect(socket.AF_UNIX, path)

def datagram():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    a.sendto(b"x", sockets + "/datagram")
    return "sent"

parent = os.getppid()
tries = {
    "own": own, "readable": lambda: read(outside + "/readable"), "null": lambda: write(os.devnull),
    "streams": lambda: len(socket.socketpair()), "self": lambda: read("/proc/self/status"),
    "hostname": lambda: read("/etc/hostname"), "passwd": lambda: read("/etc/passwd"),
    "home": lambda: read(outside + "/secret"), "list": lambda: os.listdir(outside), "root": lambda: os.listdir("/"),
    "through proc": lambda: read("/proc/self/root/etc/passwd"), "parent": lambda: read("/proc/%d/environ" % parent),
    "write": lambda: write(outside + "/new"), "overwrite": lambda: write(outside + "/secret"),
    "write readable": lambda: write(outside + "/readable"), "truncate": lambda: os.truncate(outside + "/secret", 0),
    "remove": lambda: os.remove(outside + "/secret"), "mkdir": lambda: os.mkdir(outside + "/d"),
    "rename": lambda: os.rename(outside + "/secret", out + "/secret"), "tmp": lambda: write("/tmp/of-all-%d" % parent),
    "hard link": lambda: os.link(outside + "/secret", out + "/linked"),
    "symbolic link": lambda: os.symlink(outside + "/secret", out + "/linked"), "fifo": lambda: os.mkfifo(out + "/f"),
    "run": lambda: subprocess.check_output([outside + "/program"]),
    "shell": lambda: subprocess.check_output(["sh", "-c", "id"]),
    "tcp": lambda: connect(socket.AF_INET, ("127.0.0.1", int(sys.argv[4]))),
    "tcp6": lambda: socket.socket(socket.AF_INET6), "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW), "unix": lambda: unix(sockets + "/stream"),
    "abstract": lambda: unix("\\0" + sys.argv[5]), "datagram": datagram,
    "signal": lambda: os.kill(parent, 0), "ptrace": lambda: call(libc.ptrace(16, parent, 0, 0)),
    "limits": lambda: call(libc.prlimit(parent, 7, (ctypes.c_ulong * 2)(4, 4), None)),
    "unshare": lambda: call(libc.unshare(0x10000000)), "keys": lambda: call(libc.syscall(250, 0, -3, 1)),
    "memory": lambda: call(libc.shmget(0, 4096, 0o1600)),
    "mount": lambda: call(libc.mount(b"none", out.encode(), b"tmpfs", 0, None)),
    "chroot": lambda: os.chroot(out), "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
}
results = {}
for name in sys.argv[6].split(",") if sys.argv[6:] else tries:
    attempt = tries[name]
    try:
        results[name] = attempt()
    except OSError as error:
        results[name] = error.errno
for change in (lambda p: os.chmod(p, 0o777), lambda p: os.utime(p, (0, 0)), lambda p: os.chown(p, 1, 1)):
    change(outside + "/secret")  # answered as if done
results["environment"] = sorted(os.environ)
results["block"] = "SECRET" in open("/proc/self/environ").read()
results["temporary"] = tempfile.gettempdir()
results["capabilities"] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")][0]
results["files"] = sorted(os.listdir("/proc/self/fd"))
with open(out + "/r.json", "w") as f:
    json.dump(results, f, default=str)
"""
MAY = {"own", "readable", "null", "streams", "self"}
SEEN = {"environment", "block", "temporary", "capabilities", "files"}


class Place:
    """A folder with a secret, servers to connect to, and the step's own folder."""

    def __init__(self, folder):
        self.folder, self.outside, self.out = folder, folder / "outside", folder / "out"
        self.outside.mkdir()
        for name in ("secret", "readable", "program"):
            (self.outside / name).write_text("#!/bin/sh\necho run\n")
        (self.outside / "program").chmod(0o755)
        self.servers = [
            socket.create_server(("127.0.0.1", 0)),
            socket.socket(socket.AF_UNIX),
            socket.socket(socket.AF_UNIX),
        ]
        self.datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.abstract = f"keras-roundtrip-test-{os.getpid()}"
        self.servers[1].bind(str(self.outside / "stream"))
        self.servers[2].bind("\0" + self.abstract)
        self.datagrams.bind(str(self.outside / "datagram"))
        for server in self.servers[1:]:
            server.listen(5)
        self.before = self.state()

    def state(self):
        return {p.name: (p.lstat().st_mode, p.lstat().st_uid, p.lstat().st_mtime_ns, p.lstat().st_size)
                for p in self.outside.iterdir()}  # fmt: skip

    def words(self):
        port = self.servers[0].getsockname()[1]
        return [str(self.out), str(self.outside), str(self.outside), str(port), self.abstract]

    def options(self):
        return ["--sandbox", str(self.out), "--readable", str(self.outside / "readable")]

    def result(self):
        return json.loads((self.out / "r.json").read_text())

    def close(self):
        for server in (*self.servers, self.datagrams):
            server.close()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["plain", "warm"])
def tool(request, tmp_path):
    made = Tool(tmp_path, request.param)
    yield made
    made.finish()


@needs_sandbox
@pytest.mark.parametrize("python", PYTHONS)
def test_a_step_may_only_what_it_needs(place, tool, python):
    tool.environment["SECRET"] = "in the environment"
    done = tool.python(STEP, *place.words(), options=place.options(), python=python)
    assert done.returncode == 0 and b"warning" not in done.stderr, done.stderr
    results = place.result()
    may = {name: result for name, result in results.items() if not isinstance(result, int) or name == "null"}
    assert set(may) - SEEN == MAY - {"streams"} and results["streams"] == 2, results
    denied = {name: result for name, result in results.items() if name not in MAY | SEEN}
    assert set(denied.values()) <= {errno.EACCES, errno.EPERM, errno.EXDEV}, denied
    assert place.state() == place.before
    assert not results["block"] and "SECRET" not in results["environment"]
    assert results["capabilities"] in ("0" * 16, "0" * 15 + "2")
    assert not Path(results["temporary"]).exists() and results["temporary"].startswith("/tmp/")


@needs_sandbox
def test_without_the_sandbox_a_step_may_that(place, tool):
    """Else the test above would prove little. (What would do harm to this machine is left out.)"""
    place.out.mkdir()
    names = "hostname,home,list,parent,tcp,unix,abstract,datagram,symbolic link,fifo,run,shell,write,truncate"
    done = tool.python(STEP, *place.words(), names)
    assert done.returncode == 0, done.stderr
    results = place.result()
    assert [name for name in names.split(",") if isinstance(results[name], int) and results[name] > 1] == []
    assert place.state() != place.before and results["block"] is False


@needs_sandbox
def test_what_a_step_starts_is_in_the_sandbox_too(place, tool):
    source = """
import subprocess, sys
inner = "import sys; open(sys.argv[1], 'w')"
for path, code in ((sys.argv[2] + "/by-child", 1), (sys.argv[1] + "/by-child", 0)):
    assert subprocess.run([sys.executable, "-c", inner, path], stderr=subprocess.DEVNULL).returncode == code, path
"""
    done = tool.python(source, str(place.out), str(place.outside), options=place.options())
    assert done.returncode == 0, done.stderr
    assert (place.out / "by-child").exists() and place.state() == place.before


@needs_sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
@pytest.mark.parametrize("runner", ["plain", "warm"])
def test_an_ordinary_user_is_protected_as_root_is(tmp_path, runner):
    """In a copy that this user can read, with the system's Python."""
    python = shutil.which("python3", path="/usr/bin")
    if not python:
        pytest.skip("there is no Python that another user can run")
    folder = Path("/tmp") / f"roundtrip-test-{os.getpid()}-{runner}"
    folder.mkdir(mode=0o755)
    try:
        shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("host", "__pycache__"))
        place = Place(folder)
        (folder / "step.py").write_text(STEP)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
        place.before = place.state()
        command = [python, "-I", "-S", str(folder / "scripts/step.py"), "--runner", runner, "--idle", "1",
                   *place.options(), "--", python, str(folder / "step.py"), *place.words()]  # fmt: skip
        environment = {"PATH": os.defpath, "HOME": str(folder), "KERAS_ROUNDTRIP_WARM_DIR": str(folder / "sockets")}
        done = subprocess.run(command, user=65534, group=65534, extra_groups=[], env=environment, cwd=folder,
                              capture_output=True, timeout=60)  # fmt: skip
        assert done.returncode == 0 and b"warning" not in done.stderr, done.stderr
        results = place.result()
        assert {name for name, result in results.items() if not isinstance(result, int)} - SEEN == MAY - {
            "null",
            "streams",
        }
        assert place.state() == place.before and results["capabilities"] == "0" * 16
    finally:
        place.close()
        shutil.rmtree(folder)


#: runs a command where the kernel answers as one without Landlock
WITHOUT = """
import ctypes, os, sys
lib = ctypes.CDLL("libseccomp.so.2")
lib.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(lib.seccomp_init(0x7FFF0000))
assert lib.seccomp_rule_add_array(context, ctypes.c_uint32(0x00050000 | 95), 444, 0, None) == 0
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
assert lib.seccomp_load(context) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


@needs_sandbox
@pytest.mark.parametrize("runner", ["plain", "warm"])
def test_a_machine_without_a_sandbox_runs_nothing(place, tmp_path, runner):
    tool = Tool(tmp_path, runner)
    options = ["--out", str(place.out), "--result", "observed", *place.options()]
    (tmp_path / "touch.py").write_text("import sys; open(sys.argv[1], 'w')")
    command = tool.command(sys.executable, str(tmp_path / "touch.py"), str(tmp_path / "ran"), options=options)
    done = subprocess.run([sys.executable, "-c", WITHOUT, *command], env=tool.environment, capture_output=True)
    assert done.returncode == 75, done.stderr
    reason = json.loads((place.out / "not_run.json").read_text())["reason"]
    assert "no Landlock" in reason and "docs/safety.md" in reason
    assert not (tmp_path / "ran").exists()


def test_an_old_kernel_or_a_missing_library_is_said(monkeypatch):
    monkeypatch.setattr(sandbox, "version", lambda: 2)
    assert "version 2" in sandbox.missing() and "6.2" in sandbox.missing()
    with pytest.raises(sandbox.Unavailable, match="version 2"):
        sandbox.landlock({"read": [], "run": [], "write": []})
    monkeypatch.setattr(sandbox, "version", lambda: 7)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: (_ for _ in ()).throw(OSError("not here")))
    assert "libseccomp" in sandbox.missing()


@needs_sandbox
def test_every_call_that_is_refused_is_known_here():
    """A name that libseccomp does not know, and that has no number here, would be let through."""
    known = {name: sandbox.library().seccomp_syscall_resolve_name(name.encode()) for name in
             (*sandbox.REFUSED, *sandbox.IDLE, "clone3", "ioctl", "prlimit64", "socketpair")}  # fmt: skip
    assert [name for name, number in known.items() if number == -1 and name not in sandbox.NEWER] == []


def test_readable_needs_a_sandbox(tmp_path):
    done = Tool(tmp_path, "plain").run(sys.executable, "x.py", options=["--readable", "/etc"])
    assert done.returncode == 2 and b"--readable goes with --sandbox" in done.stderr


#: A step that gets as far as the stage "load", says its last words, and ends as it is told.
LAST_WORDS = """
import os, sys, time
out, words, end = sys.argv[1:]
with open(out + "/stage.txt", "w") as f:
    f.write("load")
os.dup2(os.open(out + "/stderr.txt", os.O_WRONLY | os.O_CREAT), 2)
os.write(2, words.encode() + b"\\n")
{"abort": os.abort, "exit": lambda: os._exit(3), "hang": lambda: time.sleep(600)}[end]()
"""
DENIED = "F0000 check.cc:12] Check failed: PERMISSION_DENIED: /somewhere/else; Permission denied"


@needs_sandbox
@pytest.mark.parametrize(
    ("words", "end", "outcome"),
    [
        (DENIED, "abort", "denied"),
        (DENIED, "exit", "denied"),
        (DENIED, "hang", "denied"),
        ("Sqlite::Open(/x.db) failed: unable to open database file", "abort", "denied"),
        ("a vocabulary that is no vocabulary", "abort", "crashed"),
        ("", "hang", "timeout"),
        (DENIED + "\nanother line" * 30, "abort", "crashed"),  # long survived: no cause of the death
    ],
)
def test_a_death_is_denied_where_its_last_words_speak_of_a_lacking_right(tmp_path, words, end, outcome):
    """Only in a sandbox: elsewhere a right that is lacking is the path's own doing."""
    tool = Tool(tmp_path, "plain")
    for sandboxed, expected in ((True, outcome), (False, "timeout" if end == "hang" else "crashed")):
        out = tmp_path / str(sandboxed)
        out.mkdir()
        options = ["--out", str(out), "--result", "observed", "--timeout", "1.5"]
        options += ["--sandbox", str(out)] if sandboxed else []
        tool.python(LAST_WORDS, str(out), words, end, options=options)
        facts = json.loads((out / "observed.json").read_text())
        assert facts["outcome"] == expected, facts
        assert (DENIED in facts["error"]["message"]) == (expected == "denied" and words == DENIED)
