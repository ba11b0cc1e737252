"""Models that the user brings, on the host: their configuration, the files that they depend on, and their cells."""

import pytest
from helpers.runtimes import RUNTIMES, environments

from host import schemas
from host.report import expectations, gate, words
from host.select import configuration, matrix, runtimes, subjects, user_code
from host.starting import check

BUILD = "import keras\nfrom mine import Gate\n\n\ndef build():\n    return keras.Sequential([Gate()])\n"


@pytest.fixture
def user(tmp_path):
    """A user's folder: churn.py, mine.py, and a package with relative imports."""
    files = {
        "churn.py": BUILD,
        "mine.py": "from parts import inner\n\nNAMES = 'words.txt'\n",
        "words.txt": "a\n",
        "parts/__init__.py": "",
        "parts/inner.py": "from . import deep\nfrom .other import x\n",
        "parts/deep.py": "",
        "parts/other.py": "x = 1\n",
        "parts/unused.py": "",
        "unused.py": "",
        "site-packages/keras.py": "",
        "churn.npz": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def resolved(user, item, **more):
    """The models of a configuration whose file lies in the user's folder."""
    config = {"matrix": [], "models": {"churn": item}, **more}
    files = schemas.Files({"config/config.yaml": {"matrix": [{}]}, str(user / "churn.yaml"): dict(config)})
    (user / "churn.yaml").touch()
    schemas.validate(config, "config", files)
    return config, files, subjects.resolve(config, files)


def test_paths_are_relative_to_the_file_that_names_them(user):
    _, _, models = resolved(user, {"build": "churn.py:build", "data": "churn.npz"})
    described = models["churn"].described
    assert described["build"] == [str(user / "churn.py"), "build"] and described["data"] == [
        str(user / "churn.npz"),
        None,
    ]
    assert described["named_in"] == str(user / "churn.yaml") and described["budget"] == 60


def test_the_files_of_a_model_are_those_that_it_imports_beside_it_or_names(user):
    found = {str(p.relative_to(user)) for p in user_code.closure(user / "churn.py")}
    wanted = {"churn.py", "mine.py", "words.txt", *(f"parts/{n}.py" for n in ("__init__", "inner", "deep", "other"))}
    assert found == wanted


def test_a_file_in_a_package_is_imported_from_above_it(user):
    found = {str(p.relative_to(user)) for p in user_code.closure(user / "parts/inner.py")}
    assert user_code.root_of(user / "parts/inner.py") == user
    assert found == {f"parts/{n}.py" for n in ("__init__", "inner", "deep", "other")}


@pytest.mark.parametrize("file", ["churn.py", "parts/deep.py", "words.txt", "churn.npz", "unused.py"])
def test_an_edit_of_any_of_them_changes_what_the_steps_are_told(user, file):
    item = {"build": "churn.py:build", "data": "churn.npz", "depends": ["unused.py"]}
    _, _, before = resolved(user, dict(item))
    (user / file).write_text((user / file).read_text() + "\n")
    _, _, after = resolved(user, dict(item))
    assert before["churn"].described != after["churn"].described


def test_a_file_that_is_no_python_is_left_to_its_training(user):
    (user / "churn.py").write_text("def build(:\n")
    _, _, models = resolved(user, {"build": "churn.py:build"})
    assert list(models["churn"].described["files"]) == [str(user / "churn.py")]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (
            {"build": "churn.py:biuld"},
            r'churn\.yaml, models\.churn\.build: churn\.py defines no biuld\. Did you mean "build"',
        ),
        ({"build": "chrun.py:build"}, r"models\.churn\.build: there is no file chrun\.py"),
        ({"build": "churn.py"}, r"models\.churn\.build: churn\.py names no function\. Write file\.py:function"),
        ({"build": "churn.py:build", "data": "x.npz"}, r"models\.churn\.data: there is no file x\.npz"),
        ({"build": "churn.py:build", "data": "mine.py:load"}, r"models\.churn\.data: mine\.py defines no load"),
        ({"build": "churn.py:build", "depends": ["no.txt"]}, r"models\.churn\.depends: there is no file no\.txt"),
        (
            {"biuld": "churn.py:build"},
            r"models\.churn: 'build' is a required property|models\.churn\.biuld: there is no",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(user, item, message):
    with pytest.raises(schemas.ConfigError, match=message):
        resolved(user, item)


def test_an_id_that_a_member_has_is_refused(user):
    config = {"models": {"attention": {"build": "churn.py:build", "depends": [], "budget": 60}}}
    with pytest.raises(schemas.ConfigError, match="attention is a model of this project"):
        subjects.resolve(config, schemas.Files({str(user / "churn.yaml"): config}))


def cells(user, matrix_=(), **more):
    config, files, models = resolved(user, {"build": "churn.py:build"}, matrix=list(matrix_), **more)
    return matrix.expand(configuration.resolve(config, RUNTIMES, files, models), RUNTIMES)[0]


def test_without_a_selection_every_keras_format_is_tried_in_the_newest_runtimes(user):
    found = cells(user)
    assert {(c.producer, c.model, c.modifier) for c in found} == {(r, "churn", "none") for r in RUNTIMES}
    assert {"keras_archive", "h5", "weights_h5", "tf_checkpoint", "export", "json", "saved_model"} <= {
        c.format for c in found
    }
    assert {c.use for c in found} == {"inference", "evaluate", "resume", "serve"}
    assert len(found) < 120  # minutes, not hours


def test_the_top_of_a_configuration_selects(user):
    more = {
        "producers": "tf2.21-keras2",
        "pairs": "upgrade",
        "formats": "h5",
        "loaders": "load_model",
        "uses": "resume",
    }
    assert [tuple(c) for c in cells(user, **more)] == [
        ("tf2.21-keras2", "churn", "none", "h5", "tf2.21-keras3", "load_model", "resume")
    ]


def test_a_matrix_may_name_the_model_which_then_gets_no_block_of_its_own(user):
    block = {"models": ["churn", "dense_regression"], "formats": "h5", "loaders": "load_model", "uses": "resume"}
    found = cells(user, [block])
    assert {c.model for c in found} == {"churn", "dense_regression"} and {c.format for c in found} == {"h5"}
    other = cells(user, [{**block, "models": "dense_regression"}])
    assert {c.format for c in other if c.model == "churn"} > {"h5"}


@pytest.mark.parametrize(
    ("second", "blocks"),
    [
        ({"models": {}}, 1),
        ({"models": {"churn": {"build": "churn.py:build"}}}, 0),
        ({"models": {"churn": {"build": "churn.py:build"}}, "matrix": [{}, {}]}, 2),
        ({"artifacts": {"x": {"path": "y"}}}, 0),
    ],
)
def test_the_projects_matrix_is_left_out_where_a_model_is_brought_without_one(second, blocks):
    layers = {"config/config.yaml": {"matrix": [{}]}, "mine.yaml": second}
    config = {**layers["config/config.yaml"], **second}
    configuration.own_matrix(config, schemas.Files(layers))
    assert len(config["matrix"]) == blocks


def test_a_key_is_looked_for_in_the_file_that_holds_all_of_it(user):
    first, second = user / "first.yaml", user / "second.yaml"
    first.touch(), second.touch()
    layers = {str(first): {"models": {"a": {"build": "x"}}}, str(second): {"models": {"b": {}, "a": {"data": "y"}}}}
    files = schemas.Files(layers)
    assert files.holding("models", "a", "build") == str(first) and files.holding("models", "a", "data") == str(second)
    assert files.folder("models", "a", "build") == user
    assert schemas.place(files, "models", "a", "build").startswith(str(first))
    assert str(schemas.Files({"--config": {"models": {}}}).folder("models")) == "."


def test_the_newest_runtimes_are_those_of_one_environment():
    assert runtimes.newest(runtimes.known(environments())) == ["tf2.21-keras3", "tf2.21-keras2"]


def test_one_model_is_named_on_the_command_line():
    assert check.configuration("/a/churn-net.py:build", "") == {"churn_net": {"build": "/a/churn-net.py:build"}}
    assert check.configuration("attention.py:f", "d.npz") == {
        "my_attention": {"build": "attention.py:f", "data": "d.npz"}
    }


def test_expectations_match_a_users_model_by_the_traits_that_its_training_showed():
    (producer, *_) = RUNTIMES
    cell = dict(zip(matrix.AXES, (producer, "churn", "none", "h5", producer, "load_model", "resume"), strict=True))
    entry = {"match": {"trait": "rng"}, "verdict": "broken", "message": "Unknown variable"}
    common = {"cell": cell, "warnings": [], "facets": {}, "error": {"message": "Unknown variable x"}}
    (known,) = expectations.judge([{**common, "verdict": "broken", "traits": ["rng"]}], [entry], RUNTIMES)
    (other,) = expectations.judge([{**common, "verdict": "broken", "traits": []}], [entry], RUNTIMES)
    (kept,) = expectations.judge([{**common, "verdict": "kept", "traits": ["rng"]}], [entry], RUNTIMES)
    assert (known["verdict"], known["note"], other["note"]) == ("broken", "known", "new")
    assert kept["note"] == "none"  # another model than the entry was written for: nothing is fixed


def test_a_model_of_which_every_cell_is_left_out_fails_the_gate():
    def cell(model, verdict):
        facts = {"verdict": verdict, "note": "none", "passes": words.passes(verdict, "none")}
        return {"path": model, "rerun": "snakemake", "cell": {"model": model}, **facts}

    assert gate.decide([cell("churn", "not_applicable"), cell("churn", "kept")])["passed"]
    answer = gate.decide([cell("churn", "not_applicable"), cell("vae", "kept")])
    assert not answer["passed"] and "each cell of churn is left out" in "\n".join(gate.lines(answer, 9))
