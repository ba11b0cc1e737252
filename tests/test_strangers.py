"""Artifacts that attack what loads them, loaded in the sandbox by a plain script: nothing is written, read or sent."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import packed
from helpers.places import PYTHON, ROOT, SCRIPTS, needs_tensorflow
from helpers.project import SNAKEMAKE, copy_with_environment, rows
from helpers.steps import PINNED
from helpers.supervisor import Tool

from host import inspection
from host.schemas import ConfigError
from host.select import brought
from warmstep import sandbox

pytestmark = [
    needs_tensorflow,
    pytest.mark.skipif(sandbox.missing() is not None, reason=f"no sandbox here: {sandbox.missing()}"),
]
TESTS = ROOT / "tests"
#: what no attack may get hold of
SECRETS = [Path("/etc/hostname").read_bytes(), Path("/etc/passwd").read_bytes()[:32]]
#: artifact -> what the inspection calls its doors, and a text that one of them must name
ATTACKS = {
    "saved_model_writes": ("WriteFile", "/saved_model_writes"),
    "saved_model_writes_at_load": ("WriteFile", "/saved_model_writes_at_load"),
    "saved_model_reads": ("ReadFile", "/etc/hostname"),
    "frozen_graph_writes.pb": ("WriteFile", "/frozen_graph_writes"),
    "lambda_layer.h5": ("Lambda layer", "bytecode"),
    "lambda_layer": ("Lambda layer", "bytecode"),
    "external_storage.h5": ("external storage", "/etc/passwd"),
    "shape_bomb.h5": ("shape bomb", "1099511627776"),
    "zip_that_leaves.keras": ("path that leaves the archive", "zip_that_leaves"),
    "foreign_module.keras": ("foreign module", "imports os"),
}
#: those that succeed where nothing protects: proof that the attacks are some
SUCCEED = [name for name in ATTACKS if name.split(".")[0] not in ("shape_bomb", "zip_that_leaves", "foreign_module")]


class Place:
    """The artifacts, a folder that they attack, and a server that they may connect to."""

    def __init__(self, folder):
        self.artifacts, self.outside, self.folder = folder / "artifacts", folder / "outside", folder
        for path in (self.artifacts, self.outside):
            path.mkdir()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.clear()
        port = str(self.listener.getsockname()[1])
        command = [PYTHON, TESTS / "attacks.py", self.artifacts, self.outside, port]
        done = subprocess.run(command, env={**os.environ, **PINNED}, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        self.clear()  # building the Lambda layer calls it

    def clear(self):
        for path in self.outside.iterdir():
            path.unlink()
        (self.outside / "lambda_layer_truncated").write_text("not to be truncated")
        (self.outside / "lambda_layer_truncated").chmod(0o600)
        self.connections()

    def connections(self):
        """How many have connected since the last call."""
        for number in range(100):
            try:
                self.listener.accept()[0].close()
            except BlockingIOError:
                return number
        return 100

    def harm(self, out):
        """What an attack has done outside of the step's folder, or brought into it."""
        harm = [path.name for path in self.outside.iterdir() if path.name != "lambda_layer_truncated"]
        kept = self.outside / "lambda_layer_truncated"
        harm += [] if kept.read_text() == "not to be truncated" else ["truncated"]
        harm += [] if kept.stat().st_mode & 0o777 == 0o600 else ["mode"]
        harm += ["connected"] if self.connections() else []
        content = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
        return harm + [f"read {secret[:10]}" for secret in SECRETS if secret in content]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("strangers"))


@pytest.fixture(scope="module")
def runners(tmp_path_factory):
    preload = "tensorflow,keras,tf_keras,numpy,h5py"
    tools = {name: Tool(tmp_path_factory.mktemp(name), name, preload=preload) for name in ("warm", "plain")}
    yield tools
    tools["warm"].finish()


def load(tool, place, name, out, *options):
    place.clear()
    command = [str(PYTHON), str(TESTS / "loading.py"), str(place.artifacts / name), str(out)]
    done = tool.run(*command, options=options, env={**tool.environment, **PINNED}, timeout=300, cwd=ROOT)
    assert b"no warm interpreter" not in done.stderr
    return done


@pytest.mark.parametrize("name", SUCCEED)
def test_without_the_sandbox_the_attacks_succeed(place, runners, tmp_path, name):
    """Else the tests below would prove nothing."""
    done = load(runners["warm"], place, name, tmp_path)
    assert place.harm(tmp_path), done.stderr[-2000:]


@pytest.mark.parametrize(
    ("name", "runner"),
    [*((name, "warm") for name in ATTACKS), ("lambda_layer.h5", "plain"), ("saved_model_reads", "plain")],
)
def test_in_the_sandbox_an_attack_does_no_harm(place, runners, tmp_path, name, runner):
    out = tmp_path / "out"
    readable = ["--readable", str(place.artifacts / name), "--readable", str(TESTS)]
    done = load(runners[runner], place, name, out, "--sandbox", str(out), *readable, "--memory", "6000")
    assert place.harm(out) == []
    left = {path.name for path in out.iterdir()}
    assert left <= {"loaded", "error"}
    assert left or b"was ended" in done.stderr or b"exited" in done.stderr or b"MB" in done.stderr, done.stderr[-2000:]


def test_in_the_sandbox_a_harmless_model_is_read_as_without(place, runners, tmp_path):
    outs = tmp_path / "sandboxed", tmp_path / "free"
    outs[1].mkdir()
    readable = ["--readable", str(place.artifacts / "clean.keras")]
    load(runners["warm"], place, "clean.keras", outs[0], "--sandbox", str(outs[0]), *readable)
    load(runners["warm"], place, "clean.keras", outs[1])
    contents = [(out / "loaded").read_bytes() for out in outs]
    assert contents[0] == contents[1] and len(contents[0]) > 3 * 32


def test_the_workflow_reads_them_in_the_sandbox_and_shows_what_they_could_do(place, tmp_path):
    names = {"writes": "saved_model_writes", "lambda": "lambda_layer.h5", "clean": "clean.keras",
             "queries": "saved_model_queries", "external": "external_storage.h5"}  # fmt: skip
    artifacts = {id_: {"path": str(place.artifacts / name)} for id_, name in names.items()}
    chosen = {"consumers": ["tf2.21-tf1", "tf2.21-keras2", "tf2.21-keras3"], "uses": ["inference"]}
    project = copy_with_environment(tmp_path / "project", json.dumps({"matrix": [], "artifacts": artifacts, **chosen}))
    place.clear()
    done = subprocess.run([*SNAKEMAKE, "--cores", "2"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    assert place.harm(project / "results/saved") == place.harm(project / "results/loaded") == []
    cells = {(row["model"], row["consumer"], row["loader"]): row for row in rows(project)}
    writes = cells["writes", "tf2.21-tf1", "saved_model_loader"]
    assert (writes["outcome"], writes["verdict"]) == ("denied", "unproved")
    assert "saved_model_writes; Permission denied" in writes["reason"]
    for id_, consumer, loader, words in (
        ("queries", "tf2.21-tf1", "saved_model_loader", "ended by SIG"),  # the step died of it
        ("external", "tf2.21-keras2", "load_model", "unable to open external raw data file"),
    ):
        denied = cells[id_, consumer, loader]
        assert (denied["outcome"], denied["verdict"]) == ("denied", "unproved"), denied
        assert words in denied["reason"] and "docs/safety.md" in denied["reason"]
    assert cells["lambda", "tf2.21-keras2", "load_model"]["doors"] == "Lambda layer"
    clean = cells["clean", "tf2.21-keras3", "load_model"]
    assert clean["doors"] == "" and clean["outcome"].startswith("loaded")
    assert "writes: WriteFile 1" in done.stdout + done.stderr
    page = packed.text((project / "results/report/index.html").read_text())
    assert "it writes files: " in page and "(lambda)" in page


def test_a_link_that_leaves_the_artifact_is_refused_before_any_job(place, tmp_path):
    linked = tmp_path / "linked"
    shutil.copytree(place.artifacts / "saved_model_reads", linked)
    (linked / "assets/secret").symlink_to("/etc/passwd")
    items = {"artifacts": {"linked": {"path": str(linked), "trusted": False}}}
    with pytest.raises(ConfigError, match=r"mine.yaml, artifacts.linked.path: .*secret is a link that leaves"):
        brought.resolve(items, "mine.yaml")


@pytest.mark.parametrize("name", ATTACKS)
def test_the_inspection_names_each_attack(place, name):
    what, words = ATTACKS[name]
    doors = inspection.inspect(str(place.artifacts / name))
    named = [door for door in doors if door["what"] == what]
    assert any(words in door["why"] + door["where"] for door in named), doors


def test_the_inspection_finds_nothing_in_a_harmless_model(place):
    assert inspection.inspect(str(place.artifacts / "clean.keras")) == []


def test_the_inspection_works_in_the_sandbox_too(place, tmp_path):
    """Libraries that read a stranger's bytes have faults of their own."""
    out = tmp_path / "out"
    tool = Tool(tmp_path, "plain")
    path, result = place.artifacts / "external_storage.h5", out / "doors.json"
    command = [sys.executable, "-m", "host.inspection", str(path), "--out", str(result)]
    environment = {**tool.environment, "PYTHONPATH": str(SCRIPTS)}
    done = tool.run(*command, options=["--sandbox", str(out), "--readable", str(path)], env=environment)
    assert done.returncode == 0, done.stderr
    assert "/etc/passwd" in result.read_text()
