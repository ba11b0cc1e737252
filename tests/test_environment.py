"""Environments: what their files must say, which lock is stale, which Python is taken, what unbuildable means."""

import json
import stat

import pytest
import yaml

from host.environments import build, declared, interpreters
from host.schemas import ConfigError

GOOD = {
    "title": "an environment",
    "python": ["3.12", "3.11"],
    "requirements": ["tensorflow-cpu==2.21.0", "keras==3.15.1", "tf_keras==2.21.0", "numpy"],
    "excludes": ["tensorflow"],
    "apis": {
        "keras3": {"module": "keras", "variables": {"KERAS_BACKEND": "tensorflow"}},
        "keras2": {"module": "tf_keras"},
    },
}


@pytest.fixture
def declare(tmp_path):
    """Write envs/<id>.yaml with some keys changed (None removes one); returns its path."""

    def write(**changes):
        path = tmp_path / "tf9.yaml"
        path.write_text(yaml.safe_dump({k: v for k, v in {**GOOD, **changes}.items() if v is not None}))
        return path

    return write


def fake_python(path, says, code=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """A machine on which neither PATH nor pyenv nor uv knows a Python; returns the one folder of its PATH."""

    def uv(*command, **options):
        raise interpreters.Failed("uv has none")

    monkeypatch.setattr(interpreters, "uv", uv)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    return tmp_path / "bin"


def test_derived_facts(declare):
    spec = declared.load(declare())
    assert spec["id"] == "tf9"
    assert spec["tensorflow"] == "2.21.0"
    assert {api: entry["version"] for api, entry in spec["apis"].items()} == {"keras3": "3.15.1", "keras2": "2.21.0"}
    assert spec["apis"]["keras2"]["variables"] == {}
    assert spec["packages"] == {"tensorflow-cpu": "2.21.0", "keras": "3.15.1", "tf-keras": "2.21.0", "numpy": None}


def test_keras_of_tensorflow_has_its_version(declare):
    changes = {"requirements": ["tensorflow==1.15.5"], "excludes": None}
    spec = declared.load(declare(apis={"keras2_graph": {"module": "tensorflow.keras"}}, **changes))
    assert spec["apis"]["keras2_graph"]["version"] == "1.15.5"
    assert spec["excludes"] == []


@pytest.mark.parametrize(
    "changes, key, remedy",
    [
        ({"python": [3.12]}, "python[0]", "environment.schema.yaml"),
        ({"python": None}, "python", "required"),
        ({"requirments": []}, "requirments", 'Did you mean "requirements"?'),
        ({"apis": {"keras4": {"module": "keras"}}}, "apis", "keras3"),
        ({"apis": {"keras3": {"module": "jax"}}}, "apis.keras3.module", "tensorflow.keras"),
        ({"apis": {"keras3": {"module": "keras", "variables": {"X": 1}}}}, "apis.keras3.variables.X", "string"),
        ({"requirements": ["tensorflow-cpu>=2", "keras==3.15.1"]}, "requirements", "Pin it, e.g. tensorflow-cpu=="),
        ({"requirements": ["tensorflow-cpu==2.21.0", "tf_keras==2.21.0"]}, "requirements", "Pin it: keras=="),
        ({"requirements": ["tensorflow-cpu==2.21.0", "nonsense !"]}, "requirements[1]", "Write it as for pip"),
    ],
)
def test_error_names_file_key_and_remedy(declare, changes, key, remedy):
    path = declare(**changes)
    with pytest.raises(ConfigError) as caught:
        declared.load(path)
    for part in (str(path), key, remedy):
        assert part in str(caught.value)


def test_malformed_file_is_an_error_of_the_command(tmp_path, capsys):
    path = tmp_path / "tf9.yaml"
    path.write_text("title: [")
    assert build.main(["build", str(path), "--out", str(tmp_path / "environment.json")]) == 1
    assert str(path) in capsys.readouterr().err
    assert not (tmp_path / "environment.json").exists()


def locked(path, text="numpy==2.0.0 \\\n    --hash=sha256:00\n    # via keras\n"):
    path.with_suffix(".lock").write_text(build.header(declared.load(path)) + text)


def test_fresh_lock_gives_the_packages(declare):
    path = declare()
    locked(path)
    spec = declared.load(path)
    assert spec["lock"] == str(path.with_suffix(".lock"))
    assert spec["packages"] == {"numpy": "2.0.0"}


def test_title_and_apis_keep_a_lock_fresh(declare):
    locked(declare())
    assert declared.load(declare(title="another"))["lock"].endswith("tf9.lock")


@pytest.mark.parametrize(
    "changes", [{"requirements": [*GOOD["requirements"], "onnx"]}, {"excludes": []}, {"python": ["3.12"]}]
)
def test_what_matters_makes_a_lock_stale(declare, tmp_path, capsys, changes):
    fresh = declare()
    locked(fresh)
    before = declared.load(fresh)["identity"]
    path = declare(**changes)
    spec = declared.load(path)
    assert spec["lock"] == "results/environments/tf9/requirements.lock"
    assert spec["identity"] != before
    assert build.main(["build", str(path), "--out", str(tmp_path / "environment.json")]) == 1
    assert "make locks" in capsys.readouterr().err


def test_markers_of_a_lock_are_those_of_the_python():
    text = (
        "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
        "numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:00\n"
        "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )
    assert declared.locked_packages(text, "3.11") == {"numpy": "2.4.6"}
    assert declared.locked_packages(text, "3.12") == {"numpy": "2.5.5"}


def test_lock_refuses_two_tensorflows(declare, tmp_path, monkeypatch):
    """tf_keras pulls `tensorflow`, which overwrites tensorflow-cpu."""

    def resolve(*command, stdin):
        out = command[command.index("--output-file") + 1]
        out.write_text("tensorflow==2.21.0 \\\n    --hash=sha256:00\ntensorflow-cpu==2.21.0 \\\n    --hash=sha256:00\n")

    monkeypatch.setattr(build, "uv", resolve)
    with pytest.raises(interpreters.Failed, match="excludes"):
        build.lock(declared.load(declare(excludes=[])), tmp_path / "tf9.lock")
    assert not (tmp_path / "tf9.lock").exists()


@pytest.mark.parametrize("here", [True, False])
def test_a_lock_for_this_machine_is_for_the_python_that_is_found(declare, bare_machine, tmp_path, monkeypatch, here):
    """One for every platform may hold a release without a wheel for this one: a dependency of TensorFlow 2.7 on 3.8."""
    asked = []

    def resolve(*command, stdin):
        asked.extend(command)
        command[command.index("--output-file") + 1].write_text("numpy==2.0.0\n")

    monkeypatch.setattr(build, "uv", resolve)
    fake_python(bare_machine / "python3.12", "cpython 3.12")
    command = ["lock", str(declare()), "--out", str(tmp_path / "tf9.lock")]
    assert build.main([*command, "--here"] if here else command) == 0
    assert ("--universal" in asked) != here
    assert asked[asked.index("--python-version") + 1] == ("3.12" if here else "3.11")


def test_pyenv_shim_that_does_not_run_is_passed_over(bare_machine, tmp_path):
    fake_python(bare_machine / "python3.12", "pyenv: command not found", code=127)
    works = fake_python(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python", "cpython 3.12")
    assert interpreters.find(["3.12", "3.11"]) == ("3.12", works)


def test_interpreter_of_another_version_is_passed_over(bare_machine):
    fake_python(bare_machine / "python3.12", "cpython 3.9")
    second = fake_python(bare_machine / "python3.11", "cpython 3.11")
    assert interpreters.find(["3.12", "3.11"]) == ("3.11", second)


def test_named_interpreter_is_used_or_refused(bare_machine, tmp_path):
    fake_python(bare_machine / "python3.12", "cpython 3.12")
    own = fake_python(tmp_path / "own", "cpython 3.12")
    assert interpreters.find(["3.12"], {"3.12": own}) == ("3.12", own)
    wrong = fake_python(tmp_path / "wrong", "pypy 3.12")
    with pytest.raises(interpreters.Failed, match="pypy"):
        interpreters.find(["3.12"], {"3.12": wrong})


def test_options_name_the_interpreters(declare, monkeypatch):
    spec = declared.load(declare())
    monkeypatch.setenv("KERAS_ROUNDTRIP_PYTHON_3_11", "/b")
    assert build.interpreter_options(spec, {"3.12": "/a", "3.7": "/c"}) == [
        "--python=3.12=/a",
        "--python=3.11=/b",
    ]


def test_without_an_interpreter_the_outcome_is_unbuildable(declare, bare_machine, tmp_path, capsys):
    path = declare(python=["3.99"])
    locked(path)
    out = tmp_path / "environment.json"
    assert build.main(["build", str(path), "--out", str(out)]) == 0
    stamp = json.loads(out.read_text())
    assert stamp["outcome"] == "unbuildable"
    assert "no Python 3.99" in stamp["reason"]
    assert "uv python install 3.99: uv has none" in stamp["detail"]
    assert "unbuildable" in capsys.readouterr().out


def test_unresolvable_requirements_end_as_unbuildable(declare, tmp_path, monkeypatch):
    """The workflow's lock job ends well, and the build says why there is nothing to install."""

    def uv(*command, **options):
        raise interpreters.Failed("No solution found")

    monkeypatch.setattr(build, "uv", uv)
    path, made = declare(), tmp_path / "requirements.lock"
    assert build.main(["lock", str(path)]) == 1
    assert build.main(["lock", str(path), "--out", str(made), "--record-failure"]) == 0
    out = tmp_path / "environment.json"
    assert build.main(["build", str(path), "--lock", str(made), "--out", str(out)]) == 0
    assert json.loads(out.read_text())["detail"] == ["No solution found"]


def test_a_failed_build_leaves_no_older_stamp(declare, tmp_path, monkeypatch):
    path = declare()
    locked(path)
    out = tmp_path / "environment.json"
    out.write_text('{"outcome": "built"}')

    def killed(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(interpreters, "find", killed)
    with pytest.raises(KeyboardInterrupt):
        build.main(["build", str(path), "--out", str(out)])
    assert not out.exists()


def test_the_variables_of_the_host_do_not_leak(monkeypatch):
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "TF_USE_LEGACY_KERAS", "KERAS_BACKEND", "UV_PYTHON"):
        monkeypatch.setenv(name, "host")
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    clean = interpreters.clean_environ()
    assert "host" not in clean.values()
    assert clean["UV_PYTHON_DOWNLOADS"] == "never"


@pytest.mark.parametrize("path", sorted((interpreters.ROOT / "envs").glob("*.yaml")), ids=lambda path: path.stem)
def test_committed_environments_are_locked(path):
    spec = declared.load(path)
    assert spec["lock"] == str(path.with_suffix(".lock")), "run `make locks`"
    text = path.with_suffix(".lock").read_text()
    assert "http" not in text, "a lock names no registry"
    for python in spec["python"]:
        packages = declared.locked_packages(text, python)
        assert len(declared.TENSORFLOW & set(packages)) == 1
        assert not set(spec["excludes"]) & set(packages)
        assert all(packages[name] for name in ("numpy", "h5py", "protobuf"))
