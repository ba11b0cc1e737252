"""The files that a job depends on: its script, its imports, the members that it names, and what those declare."""

import pytest

from host.select.sources import OPENS, Sources, closure, opened_by_name

CELL = {
    "api": "keras2",
    "consumer_api": "keras3",
    "model": "mlp_functional",
    "modifier": "none",
    "format": "h5",
    "loader": "load_model",
    "use": "inference",
}


@pytest.fixture
def planted(tmp_path):
    """A folder like scripts/ with a step, a member that starts a program, and what the program imports."""
    (tmp_path / "roundtrip/loaders").mkdir(parents=True)
    files = {
        "load.py": "from roundtrip import stage\n",
        "serve.py": "from roundtrip import serving\n",
        "roundtrip/__init__.py": "",
        "roundtrip/stage.py": "import numpy\n",
        "roundtrip/serving.py": "",
        "roundtrip/loaders/__init__.py": "",
        "roundtrip/loaders/server.py": 'DEPENDS = ("serve.py",)\n',
        "roundtrip/loaders/plain.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_stage_depends_on_what_it_imports_and_on_no_member_that_it_does_not_name():
    files = closure("save.py", "roundtrip/formats/h5.py")
    assert {"save.py", "roundtrip/state.py", "roundtrip/stage.py", "roundtrip/formats/__init__.py"} <= files
    assert not {f for f in files if f.startswith(("host/", "roundtrip/models/", "roundtrip/loaders/"))}
    assert {f for f in files if f.startswith("roundtrip/formats/")} == {
        "roundtrip/formats/__init__.py",
        "roundtrip/formats/h5.py",
    }


def test_a_member_made_of_others_depends_on_them():
    assert "roundtrip/formats/h5.py" in closure("roundtrip/formats/keras_after_h5.py")


def test_a_member_depends_on_the_packages_that_it_lies_in_whatever_it_imports(planted):
    files = Sources(planted).closure("roundtrip/loaders/plain.py")
    assert files == {"roundtrip/loaders/plain.py", "roundtrip/loaders/__init__.py", "roundtrip/__init__.py"}


def test_a_program_that_a_member_starts_is_followed_with_what_it_imports(planted):
    assert {"serve.py", "roundtrip/serving.py"} <= Sources(planted).closure("roundtrip/loaders/server.py")
    assert {"serve.py", "roundtrip/serving.py", "roundtrip/frozen_model.py"} <= closure(
        "roundtrip/loaders/flask_server.py"
    )
    assert "serve.py" not in closure("roundtrip/loaders/import_graph_def.py")


def test_a_pattern_is_every_file_that_it_matches_python_or_not(planted):
    (planted / "roundtrip/loaders/table.json").write_text("{}")
    (planted / "roundtrip/loaders/server.py").write_text(
        'DEPENDS = ("roundtrip/loaders/p*.py", "roundtrip/loaders/*.json")'
    )
    files = Sources(planted).closure("roundtrip/loaders/server.py")
    assert {"roundtrip/loaders/plain.py", "roundtrip/loaders/table.json"} <= files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('DEPENDS = ("gone.py",)', "server.py: DEPENDS names gone.py, but there is no such file"),
        ("DEPENDS = other.DEPENDS", "server.py: DEPENDS is read without running the file. Write it as a literal"),
    ],
)
def test_what_cannot_be_followed_is_an_error(planted, text, words):
    (planted / "roundtrip/loaders/server.py").write_text(text)
    with pytest.raises(ValueError, match=words):
        Sources(planted).closure("roundtrip/loaders/server.py")


@pytest.mark.parametrize(
    ("file", "changed"),
    [("serve.py", {"server"}), ("roundtrip/serving.py", {"server"}), ("load.py", {"server", "plain"})],
)
def test_an_edit_changes_the_hash_of_what_depends_on_it_and_its_undoing_changes_it_back(planted, file, changed):
    def hashes():
        files = Sources(planted)
        return {name: files.hash("load.py", f"roundtrip/loaders/{name}.py") for name in ("server", "plain")}

    before, text = hashes(), (planted / file).read_text()
    (planted / file).write_text(text + "\n# edited\n")
    assert {name for name, found in hashes().items() if found != before[name]} == changed
    (planted / file).write_text(text)
    assert hashes() == before


def test_a_use_that_follows_an_attribute_of_the_model_depends_on_the_model_that_it_names():
    twin = "roundtrip/models/mlp_subclassed.py"
    assert twin in opened_by_name("load.py", dict(CELL, use="transfer_twin"))
    assert twin not in opened_by_name("load.py", CELL)
    assert twin not in opened_by_name("train.py", CELL)
    assert twin not in opened_by_name("load.py", dict(CELL, use="transfer_twin", model="dense_regression"))


def test_a_step_opens_the_engine_of_the_api_that_it_runs_in():
    graph = dict(CELL, api="keras2_graph")
    assert "roundtrip/engines/graph.py" in opened_by_name("save.py", graph)
    assert "roundtrip/engines/eager.py" in opened_by_name("load.py", graph)
    assert not [file for file in opened_by_name("host/judge/verify.py", graph) if "engines" in file]


def test_the_scripts_whose_members_are_named_exist():
    scripts = {script.partition(" ")[0] for script in OPENS}  # an option may follow
    assert closure(*scripts) >= scripts


def test_judging_does_not_depend_on_the_steps_nor_the_steps_on_judging():
    assert not closure("host/judge/verify.py") & {"train.py", "save.py", "load.py", "roundtrip/stage.py"}
    assert not {f for f in closure("train.py", "save.py", "load.py") if f.startswith("host/")}


def test_the_report_does_not_decide_verdicts():
    assert not {f for f in closure("host/judge/verify.py") if "report" in f or "expectations" in f}
