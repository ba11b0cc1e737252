"""Environments that the user brings: an interpreter taken as it is, or requirements completed from envs/."""

import json
import re
import sys

import pytest
import yaml
from helpers.runtimes import environments

from host import schemas
from host.environments import apis, build, completed, distributions, interpreters, nearest, own, taken
from host.schemas import ConfigError
from host.select import runtimes
from host.select.cells import Cell
from warmstep import installed

ENVIRONMENTS = environments()
BASE = {"tensorflow-cpu": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6", "h5py": "3.14.0"}


# --- apis ---


@pytest.mark.parametrize("id_", [id_ for id_ in ENVIRONMENTS if not re.search("jax|torch", id_)])
def test_apis_are_those_that_envs_declares(id_):
    declared = ENVIRONMENTS[id_]
    worked_out = apis.of(declared["packages"], id_)
    assert worked_out | declared["apis"] == worked_out


@pytest.mark.parametrize(
    ("packages", "modules"),
    [
        ({"tensorflow": "2.18.0", "keras": "3.6.0"}, {"keras3": "keras", "tf1": "tensorflow"}),
        (
            {"tensorflow": "2.18.0", "tf-keras": "2.18.0"},
            {"keras2": "tf_keras", "keras2_graph": "tf_keras", "tf1": "tensorflow"},
        ),
        # Keras 3 on TensorFlow 2.15, whose own Keras 2 it displaces
        ({"tensorflow": "2.15.0", "keras": "3.3.3"}, {"keras3": "keras", "tf1": "tensorflow"}),
        (
            {"tensorflow-gpu": "1.15.0", "keras": "2.3.1"},
            {"keras2": "tensorflow.keras", "keras2_graph": "tensorflow.keras", "tf1": "tensorflow"},
        ),
        (
            {"tf-nightly": "2.22.0.dev20260101", "keras-nightly": "3.16.0.dev1"},
            {"keras3": "keras", "tf1": "tensorflow"},
        ),
    ],
)
def test_apis_of_packages(packages, modules):
    assert {api: entry["module"] for api, entry in apis.of(packages, "w").items()} == modules


@pytest.mark.parametrize(
    ("packages", "words"),
    [
        ({"keras": "3.15.1", "torch": "2.15.0"}, "there is no TensorFlow in it. Install tensorflow"),
        ({"tensorflow": "2.18.0", "numpy": "2.0.0"}, "there is TensorFlow 2.18.0, but no Keras. Install keras"),
        ({"tensorflow": "2.18.0", "tensorflow-cpu": "2.17.1"}, "overwrite each other. Uninstall all but one"),
        ({"tensorflow": "1.12.0"}, "older than 1.13"),
    ],
)
def test_no_apis_is_an_error(packages, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        apis.of(packages, "my.yaml, environment.python")


# --- what is installed ---


def install(folder, name, version, **files):
    """Metadata of a distribution, as an installation leaves it."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for file, text in files.items():
        (info / {"direct_url": "direct_url.json", "record": "RECORD"}[file]).write_text(text)
    return info


def identity(folder, name="small"):
    return distributions.identity(distributions.on([str(folder)])[name])


def test_a_release_is_known_by_its_version_alone(tmp_path):
    install(tmp_path / "a", "small", "1.0", record="small.py,sha256=1,1\n")
    install(tmp_path / "b", "small", "1.0", record="small.py,sha256=2,1\n")
    assert identity(tmp_path / "a") == identity(tmp_path / "b") == ["1.0", None]


def test_another_origin_with_the_same_version_is_known_by_its_files(tmp_path):
    origin = json.dumps({"url": "file:///x/small.whl", "archive_info": {}})
    install(tmp_path / "a", "small", "1.0", record="small.py,sha256=1,1\n", direct_url=origin)
    install(tmp_path / "b", "small", "1.0", record="small.py,sha256=2,1\n", direct_url=origin)
    assert identity(tmp_path / "a") != identity(tmp_path / "b")


@pytest.mark.parametrize("how", ["pth", "finder", "project", "develop"])
def test_an_editable_installation_is_known_by_its_code(tmp_path, how):
    site, project = tmp_path / "site-packages", tmp_path / "project"
    (project / "small").mkdir(parents=True)
    (project / "small/__init__.py").write_text("A = 1\n")
    origin = json.dumps({"url": project.as_uri(), "dir_info": {"editable": True}})
    listed = {"pth": "_small.pth,,\n", "finder": "__editable___small_finder.py,,\n"}.get(how, "")
    if how == "develop":
        (project / "small.egg-info").mkdir()
        (project / "small.egg-info/PKG-INFO").write_text("Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
    else:
        install(site, "small", "1.0", direct_url=origin, record=listed)
        (site / "_small.pth").write_text(f"{project}\n")
        (site / "__editable___small_finder.py").write_text(f"MAPPING: dict = {{'small': {str(project / 'small')!r}}}\n")
    folder = project if how == "develop" else site
    first = identity(folder)
    assert first[0] == "1.0" and first[1]
    (project / "notes.txt").write_text("no code")
    (project / ".hidden").mkdir()
    (project / ".hidden/x.py").write_text("no code of it")
    assert identity(folder) == first
    (project / "small/__init__.py").write_text("A = 2\n")
    assert identity(folder) != first


def test_of_two_distributions_the_first_on_the_path_counts(tmp_path):
    install(tmp_path / "a", "small", "1.0")
    install(tmp_path / "b", "small", "2.0")
    assert distributions.on([str(tmp_path / "b"), str(tmp_path / "a")])["small"].version == "2.0"


# --- a taken interpreter ---


def fake_python(path, *, implementation="CPython", python="3.12.1", folders=()):
    """A program that answers as an interpreter would."""
    told = {"implementation": implementation, "python": python, "machine": "x86_64", "path": list(map(str, folders))}
    return program(path, f"echo '{json.dumps(told)}'")


def program(path, line):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def venv(tmp_path):
    """(the interpreter of a venv, its folder of packages)."""
    site = tmp_path / "venv/lib/python3.12/site-packages"
    for name, version in BASE.items():
        install(site, name, version)
    return fake_python(tmp_path / "venv/bin/python", folders=[site]), site


def test_a_taken_interpreter_gives_an_environment(venv):
    spec = taken.look("own", venv[0], "w")
    known = runtimes.known({"own": spec})
    assert list(known) == ["own-keras3", "own-tf1"]
    runtime = known["own-keras3"]
    assert (runtime.version, runtime.tensorflow, runtime.python) == ("3.15.1", "2.21.0", venv[0])
    assert runtime.folder == "results/environments/own" and "h5py" in runtime.packages
    assert spec["folders"] == [str(venv[1])]


def test_what_is_installed_is_the_identity(venv):
    python, site = venv
    first = taken.look("own", python, "w")["identity"]
    (site / "stray.py").write_text("")
    (site / "__pycache__").mkdir()
    assert taken.look("own", python, "w")["identity"] == first
    info = install(site, "small", "1.0")
    with_small = taken.look("own", python, "w")["identity"]
    info.rename(site / "small-1.1.dist-info")
    (site / "small-1.1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: small\nVersion: 1.1\n")
    assert len({first, with_small, taken.look("own", python, "w")["identity"]}) == 3
    fake_python(site.parents[2] / "bin/python", python="3.12.2", folders=[site])
    assert taken.look("own", python, "w")["identity"] != with_small


@pytest.mark.parametrize("missing", ["h5py", "numpy"])
def test_without_what_every_step_needs_it_is_refused(venv, missing):
    next(venv[1].glob(f"{missing}-*")).rename(venv[1] / "aside")
    with pytest.raises(ConfigError, match=f"has no {missing}. Install .*{venv[0]} -m pip install {missing}"):
        taken.look("own", venv[0], "my.yaml, environment.python")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: str(path), "there is no file .*Write the path of an interpreter"),
        (lambda path: program(path / "bin/python", "true") and str(path), "is a folder. Write .*/bin/python"),
        (lambda path: program(path, "echo hello"), "is not Python"),
        (lambda path: program(path, "echo 3"), "is not Python"),
        (lambda path: program(path, "echo no such option >&2; exit 2"), r"does not run as Python \(no such option\)"),
        (lambda path: fake_python(path, python="3.6.15"), "is CPython 3.6.15. The steps need CPython 3.7"),
        (lambda path: fake_python(path, python="2.7.18"), "is CPython 2.7.18. The steps need CPython 3.7"),
        (lambda path: fake_python(path, implementation="PyPy"), "is PyPy 3.12.1. The steps need CPython"),
        (lambda path: sys.executable, "there is no TensorFlow in it"),
    ],
)
def test_an_interpreter_that_cannot_be_taken_is_refused(tmp_path, make, words):
    with pytest.raises(ConfigError, match=words) as caught:
        taken.look("own", make(tmp_path / "python"), "my.yaml, environment.python")
    assert str(caught.value).startswith("my.yaml, environment.python")


def test_what_does_not_import_is_no_environment(venv, tmp_path, capsys):
    spec = tmp_path / "own.json"
    spec.write_text(json.dumps(taken.look("own", venv[0], "w")))
    program(tmp_path / "venv/bin/python", "echo 'ImportError: libfoo.so' >&2; exit 1")
    assert taken.main([str(spec), "--out", str(tmp_path / "environment.json")]) == 1
    assert capsys.readouterr().err.endswith(f"for {venv[0]} does not import: ImportError: libfoo.so\n")
    assert not (tmp_path / "environment.json").exists()


def test_a_broken_keras_does_not_keep_the_other_from_being_judged(venv, tmp_path):
    install(venv[1], "tf_keras", "2.16.0")
    spec = taken.look("own", venv[0], "w")
    program(tmp_path / "venv/bin/python", """case "$*" in *tf_keras*) exit 1;; esac; echo '{"keras": "3.15.1"}'""")
    assert taken.check(spec) == {"keras": "3.15.1"}
    program(tmp_path / "venv/bin/python", "echo nothing does >&2; exit 1")
    with pytest.raises(interpreters.Failed, match="nothing does"):
        taken.check(spec)


# --- requirements ---


def wanted(*texts):
    return completed.read(list(texts), "", "w")


@pytest.mark.parametrize(
    ("texts", "id_"),
    [
        (["tensorflow==2.18"], "tf2.18"),
        (["tensorflow-cpu==2.19.0", "keras==3.3.3"], "tf2.18"),
        (["tensorflow>=2.16,<2.17"], "tf2.16"),
        (["tensorflow==1.12"], "tf1.13"),
        (["tensorflow==2.15.*"], "tf2.15"),
        (["keras==3.6"], "tf2.18"),
        (["keras==3.7.0"], "tf2.18"),
        (["keras==3.9.2"], "keras3.8"),
        (["keras==3.0.5"], "tf2.16"),
        (["keras==2.15"], "tf2.15"),
        (["keras==2.9"], "tf2.8"),
        (["tf_keras==2.19"], "tf2.18"),
        (["keras-hub==0.20", "einops"], "tf2.21"),
        (["keras", "tensorflow"], "tf2.21"),
    ],
)
def test_the_nearest_environment(texts, id_):
    assert nearest.of(wanted(*texts), ENVIRONMENTS)["id"] == id_


@pytest.mark.parametrize(
    ("texts", "pinned", "requirements", "constraints"),
    [
        (
            ["tensorflow[and-cuda]==2.18.0", "einops"],
            True,
            {"tensorflow==2.18.0", "einops", "keras==3.6.0", "tf-keras==2.18.0", "h5py", "numpy"},
            set(),
        ),
        (
            ["tensorflow==2.19.0"],
            True,
            {"tensorflow==2.19.0", "keras==3.6.0", "tf-keras==2.19.*", "h5py", "numpy"},
            set(),
        ),
        (["tensorflow==2.20.0"], False, {"tensorflow==2.20.0", "keras", "tf-keras", "h5py", "numpy"}, set()),
        (["keras==2.9"], True, {"keras==2.9", "tensorflow==2.9.*", "h5py", "numpy"}, None),
        (["tensorflow==2.6.0"], True, {"tensorflow==2.6.0", "h5py", "numpy"}, {"keras==2.6.*"}),
        (["keras==3.10", "numpy==1.26"], True, {"keras==3.10", "numpy==1.26", "tensorflow==2.17.1", "h5py"}, set()),
        (["tensorflow==1.13.1"], True, {"tensorflow==1.13.1", "h5py", "numpy"}, {"protobuf<3.21", "numpy<1.17"}),
    ],
)
def test_what_is_not_required_is_completed(texts, pinned, requirements, constraints):
    texts = wanted(*texts)
    made, bounds = nearest.completed(texts, nearest.of(texts, ENVIRONMENTS), pinned)
    assert set(made) == requirements
    assert constraints is None or constraints <= set(bounds) and not (constraints == set() and "numpy<2" in bounds)


def test_a_file_of_requirements(tmp_path):
    (tmp_path / "r.txt").write_text(
        "# ours\n\nkeras-hub==0.20  # text\nnumpy==2.0.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n"
    )
    assert list(map(str, completed.read("r.txt", str(tmp_path), "w"))) == ["keras-hub==0.20", "numpy==2.0.0"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-e .", "'-e .' is not a requirement .*Or install it in a venv"),
        ("small @ file:///x/small.whl", "comes from no package index.*`python: .venv/bin/python`"),
        ("nonsense !", "is not a requirement"),
    ],
)
def test_a_requirement_that_cannot_be_locked_is_refused(tmp_path, text, words):
    (tmp_path / "r.txt").write_text(f"numpy\n{text}\n")
    for value in (["numpy", text], "r.txt"):
        with pytest.raises(ConfigError, match=words):
            completed.read(value, str(tmp_path), "my.yaml, environment.requirements")
    with pytest.raises(ConfigError, match="there is no file .*none.txt"):
        completed.read("none.txt", str(tmp_path), "my.yaml, environment.requirements")


class Index:
    """Stands for uv: answers with a lock, or with no solution; counts what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, *command, stdin):
        self.asked.append(stdin.splitlines())
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        lines = answer or [line for line in self.asked[-1] if "==" in line]
        command[command.index("--output-file") + 1].write_text("".join(f"{line}\n" for line in lines))


RESOLVED = ["tensorflow==2.18.0", "keras==3.6.0", "tensorflow-text==2.18.0", "numpy==2.0.2", "h5py==3.12.0"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to resolve in, on a machine that has every Python."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(interpreters, "find", lambda versions, named: (versions[0], "/python"))
    return tmp_path


def index(monkeypatch, *answers):
    made = Index(*answers)
    monkeypatch.setattr(completed, "uv", made)
    monkeypatch.setattr(build, "uv", made)
    return made


def resolved(declared, config, anew=True):
    schemas.validate(config, "config", "my.yaml")
    return own.Resolver(config, schemas.Files({"my.yaml": config}), declared).resolve(anew)


def test_requirements_become_an_environment_once(here, monkeypatch):
    asked = index(monkeypatch, RESOLVED, None).asked
    config = {"matrix": [], "environment": {"requirements": ["tensorflow==2.18.0", "tensorflow-text"]}}
    made = resolved(ENVIRONMENTS, config)
    assert made == (["own"], ["results/environments/own.yaml"])
    text = (here / "results/environments/own.yaml").read_text()
    spec = yaml.safe_load(text)
    # the first time with the name on which others depend, then with the build that the template installs
    assert "tensorflow==2.18.0" in asked[0] and "tensorflow-cpu==2.18.0" in asked[1]
    assert "tensorflow-cpu==2.18.0" in spec["requirements"] and "tensorflow-text==2.18.0" in spec["requirements"]
    assert "tensorflow" in spec["excludes"] and spec["python"] == ["3.11"] and set(spec["apis"]) == {"keras3", "tf1"}
    assert resolved(ENVIRONMENTS, config) == made and len(asked) == 2
    index(monkeypatch, [*RESOLVED, "einops==0.8.1"], None)
    config["environment"]["requirements"].append("einops")
    resolved(ENVIRONMENTS, config)
    assert "einops==0.8.1" in (here / "results/environments/own.yaml").read_text()


def test_a_conflict_is_said_before_any_job(here, monkeypatch):
    none = interpreters.Failed("No solution found: you require numpy==1.21")
    asked = index(monkeypatch, none, none).asked
    config = {"matrix": [], "environment": {"requirements": ["tensorflow==2.18.0", "numpy==1.21"]}}
    with pytest.raises(ConfigError, match=r"environment.requirements: .*cannot be installed together.*\n.*numpy==1.21"):
        resolved(ENVIRONMENTS, config)
    # the second time without the template's versions: a conflict with these is none of the user's
    assert "keras==3.6.0" in asked[0] and "keras" in asked[1]
    assert not list((here / "results/environments").iterdir())
    index(monkeypatch, *[interpreters.Passing("dns error")] * 2)
    with pytest.raises(ConfigError, match="cannot be resolved this time"):
        resolved(ENVIRONMENTS, config)


# --- the configuration ---


def test_several_environments_by_name(here, monkeypatch, venv):
    index(monkeypatch, RESOLVED, None)
    config = {
        "matrix": [],
        "environments": {"old": {"requirements": ["tensorflow==2.18.0"]}, "new": {"python": "venv/bin/python"}},
        "environment": "tf2.21",
    }
    made = resolved(ENVIRONMENTS, config)
    assert made.ids == ["old", "new", "tf2.21"]
    assert made.files == ["results/environments/old.yaml", "results/environments/new.json"]
    assert json.loads((here / made.files[1]).read_text())["interpreter"] == venv[0]


def test_paths_are_relative_to_the_file_that_names_them(here, venv):
    (here / "elsewhere").mkdir()
    config = {"matrix": [], "environment": {"python": "../venv/bin/python"}}
    schemas.validate(config, "config", "x")
    of_file = schemas.Files({"config/config.yaml": {}, "elsewhere/my.yaml": config})
    assert own.Resolver(config, of_file, {}).resolve(True).ids == ["own"]
    config["environment"]["python"] = "venv/bin/python"
    of_command_line = schemas.Files({"elsewhere/my.yaml": {}, "--config": config})
    assert own.Resolver(config, of_command_line, {}).resolve(True).ids == ["own"]


def test_each_run_begins_with_what_is_there(here, venv):
    config = {"matrix": [], "environment": {"python": venv[0]}}
    file = here / resolved({}, config).files[0]
    listing = here / "results/environments/own" / installed.LISTING
    assert installed.damage(str(listing.parent)) == "" and installed.is_taken(str(listing.parent))
    first = file.stat().st_mtime_ns
    (venv[1] / "stray.py").write_text("")
    assert installed.damage(str(listing.parent)) == "stray.py was added"
    resolved({}, config)
    assert installed.damage(str(listing.parent)) == "" and file.stat().st_mtime_ns == first


def test_a_job_takes_what_its_run_began_with(here, venv):
    config = {"matrix": [], "environment": {"python": venv[0]}}
    with pytest.raises(ConfigError, match="Start the run again"):
        resolved({}, config, anew=False)
    began = resolved({}, config)
    before = (here / began.files[0]).read_text()
    install(venv[1], "small", "1.0")
    assert resolved({}, config, anew=False) == began and (here / began.files[0]).read_text() == before


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"environment": "tf9"}, 'my.yaml, environment: there is no environment "tf9".*write {python: tf9}'),
        ({"environment": "tf2.20"}, 'there is no environment "tf2.20". Did you mean'),
        ({"environment": {}}, "it has no key. Write either `python` or `requirements`"),
        ({"environment": {"python": "x", "requirements": ["y"]}}, "it has python and requirements. Write either"),
        ({"environment": {"pyhton": "x"}}, 'environment.pyhton: there is no such key. Did you mean "python"'),
        ({"environments": {"tf2.21": {"python": "x"}}}, "environments.tf2.21: envs/tf2.21.yaml .*Choose another name"),
        ({"environments": {"a/b": {"python": "x"}}}, "my.yaml, environments"),
    ],
)
def test_an_error_names_the_file_and_the_key(here, keys, words):
    declared = {id_: dict(spec, file=f"envs/{id_}.yaml") for id_, spec in ENVIRONMENTS.items()}
    with pytest.raises(ConfigError, match=words):
        resolved(declared, {"matrix": [], **keys})


def test_the_defaults_are_of_the_users_environments():
    everything = runtimes.known(ENVIRONMENTS)
    assert runtimes.preferred(everything) == everything
    known = runtimes.known(ENVIRONMENTS, own=["tf2.16", "tf2.15"])
    assert {runtime.environment for runtime in runtimes.preferred(known).values()} == {"tf2.15", "tf2.16"}


def test_an_environment_that_no_cell_uses_is_refused():
    known = runtimes.known(ENVIRONMENTS)
    cell = Cell("tf2.21-keras3", "m", "none", "h5", "tf2.18-keras3", "load_model", "resume")
    own.refuse_unused(own.Own(["tf2.18"], []), known, [cell], "my.yaml")
    own.refuse_unused(own.Own([], []), known, [cell], "my.yaml")
    with pytest.raises(ConfigError, match="no selected cell uses it. Name one of its runtimes .*: tf2.16-keras3"):
        own.refuse_unused(own.Own(["tf2.16"], []), known, [cell], "my.yaml")
