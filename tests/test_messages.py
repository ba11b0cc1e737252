"""Messages: the file and the key that the user wrote, and what may be chosen; never a traceback of ours."""

import subprocess

import pytest
from helpers.project import SNAKEMAKE, copy_project
from helpers.runtimes import RUNTIMES

from host import schemas
from host.questions import bisect
from host.select import configuration
from host.starting import layers, run

FILES = schemas.Files(
    {"config/config.yaml": {"matrix": [], "seed": 1}, "my.yaml": {"matrix": []}, "--config": {"runner": "wram"}}
)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"matrix": [{"producers": ["tf2.21"]}]},
            'my.yaml, matrix[0].producers: "tf2.21" is an environment, and a runtime is wanted.'
            " Choose of tf2.21-keras3, tf2.21-keras2.",
        ),
        (
            {"matrix": [{}], "models": "digit_mlp"},
            "models: 'digit_mlp' is not of type 'object'."
            " A model of yours is written `{id: {build: file.py:function}}`;",
        ),
        (
            {"matrix": [{"modelss": "digit_mlp"}]},
            'my.yaml, matrix[0].modelss: there is no such key. Did you mean "models"?',
        ),
        (
            {"matrix": {"producers": "tf2.21-keras3"}},
            "my.yaml, matrix: {'producers': 'tf2.21-keras3'} is not of type 'array'."
            " Write a list: [{producers: tf2.21-keras3}].",
        ),
        ({"matrix": [{}], "environments": "mine"}, "Write a list: [mine]."),
        ({"matrix": [{}], "runner": "wram"}, "--config, runner: 'wram' is not one of ['warm', 'plain']."),
        ({"matrix": [{}], "seed": "x"}, "config/config.yaml, seed: 'x' is not of type 'integer'."),
    ],
)
def test_the_file_that_holds_the_key_and_what_may_be_chosen(given, message):
    with pytest.raises(schemas.ConfigError) as error:
        configuration.resolve(given, RUNTIMES, FILES)
    assert message in str(error.value)


def test_a_model_may_be_a_word():
    (block,) = configuration.resolve({"matrix": [{"models": "digit_mlp"}]}, RUNTIMES)
    assert block["models"] == ["digit_mlp"]


def test_an_environments_folder_that_is_not_there():
    with pytest.raises(schemas.ConfigError, match=r"environments\[1\]: there is no folder no/such \(looked for in /"):
        configuration.environment_folders({"environments": ["envs", "no/such"]}, FILES)


def test_why_everything_was_excluded_the_most_frequent_first():
    rows = [("a", "rare"), ("a", "frequent"), ("b", "frequent"), *((str(n), f"other {n}") for n in range(5))]
    excluded = [dict.fromkeys(configuration.AXES, "*") | {"producer": p, "reason": reason} for p, reason in rows]
    with pytest.raises(schemas.ConfigError) as error:
        configuration.refuse_nothing([], excluded, FILES)
    assert "my.yaml, matrix: none of the selected cells can be run (frequent, 2 times; rare; " in str(error.value)
    assert "further reasons: 2)" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("matrix: [{a: [", r"my\.yaml: not valid YAML: .*line 1"),
        ("a word", r"my\.yaml: it holds 'a word'"),
        ("", r"my\.yaml: it holds nothing"),
        ("__use_yte__: true\nmatrix: [{}]", r"my\.yaml, __use_yte__: a configuration is data"),
    ],
)
def test_a_file_that_cannot_be_taken(tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.yaml").write_text(text)
    with pytest.raises(schemas.ConfigError, match="(?s)" + message):
        layers.read("my.yaml", [], {})
    with pytest.raises(schemas.ConfigError, match="(?s)" + message):
        run.check(["--cores", "2", "--configfile", "my.yaml", "--", "gate"])


def test_what_snakemake_would_not_explain(tmp_path, monkeypatch):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    for words in (["--profile", "profiles/slurm"], ["--executor", "slurm"], ["-e", "slurm"]):
        with pytest.raises(schemas.ConfigError, match=r"executor: the plugin for slurm .* `make cluster`"):
            run.check(words)
    run.check(["--profile", "profiles/default", "--executor", "local"])
    with pytest.raises(schemas.ConfigError, match=r"absent\.yaml: cannot be read"):
        run.check(["--configfile", str(tmp_path / "absent.yaml")])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["keras3.3", "keras3.14-keras3", "dense_regression/none/h5/load_model/resume"], "Choose of keras3.3-keras3."),
        (["tf0-keras3", "keras3.14-keras3", "dense_regression/none/h5/load_model/resume"], 'there is no "tf0-keras3"'),
        (["keras3.3-keras3", "keras3.14-keras3", "x/none/h5/load_model/resume"], 'CELL, model: there is no "x"'),
        (["tf2.15-keras2", "keras3.14-keras3", "dense_regression/none/h5/load_model/resume"], "must have the same api"),
    ],
)
def test_bisect_says_what_its_arguments_may_be(capsys, words, message):
    assert bisect.main(words) == 1
    assert message in capsys.readouterr().err


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messages")
    copy_project(folder)
    (folder / "yte.yaml").write_text("__use_yte__: true\nmatrix: [{}]\n")
    (folder / "broken.yaml").write_text("matrix: [{a: [\n")
    return folder


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cores", "0"], "--cores: it is 0, so no job could ever begin"),
        (["-n", "--configfile", "yte.yaml"], "yte.yaml, __use_yte__: a configuration is data here"),
    ],
)
def test_snakemake_says_so(project, words, message):
    assert message in said(project, *words)


def said(project, *words):
    """What Snakemake prints where it refuses; a dry run prints it on stdout."""
    done = subprocess.run([*SNAKEMAKE, *words], cwd=project, capture_output=True, text=True, timeout=200)
    assert done.returncode and "Traceback" not in done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_broken_first_file_is_named(project):
    file = project / "config/config.yaml"
    before = file.read_text()
    file.write_text("matrix: [{a: [\n")
    try:
        assert "config/config.yaml: not valid YAML" in said(project, "-n")
    finally:
        file.write_text(before)
