"""keras_rescue.py, the file that users copy: it is what its modules say, needs nothing of ours, has its commands."""

import ast
import subprocess
import sys

import pytest
from helpers import old_files
from helpers.live_models import Dense, Model

from host.docs import joined

ALLOWED = {"h5py", "numpy", "tensorflow", "keras", "tf_keras", "ml_dtypes", "orbax"}


def test_the_joined_file_is_up_to_date():
    assert joined.TARGET.read_text("utf-8") == joined.joined(), "scripts/keras_rescue.py is not up to date: make docs"


def test_it_imports_nothing_of_ours_and_is_python_3_7():
    tree = ast.parse(joined.TARGET.read_text("utf-8"), feature_version=(3, 7))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names - set(sys.stdlib_module_names) <= ALLOWED
    top = {node.names[0].name.split(".")[0] for node in tree.body if isinstance(node, ast.Import)}
    assert top - set(sys.stdlib_module_names) == {"h5py", "numpy"}, "the others are imported inside functions"


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"one": "def same():\n    pass\n", "two": "def same():\n    pass\n"}, "one.py and two.py both define same"),
        ({"one": "from rescue.two import a\n\nb = 1\n", "two": "from rescue.one import b\n\na = 1\n"}, "in a circle"),
    ],
)
def test_modules_that_cannot_be_joined_are_an_error(tmp_path, modules, words):
    for name, text in modules.items():
        (tmp_path / f"{name}.py").write_text(f'"""A module."""\n\n{text}')
    with pytest.raises(joined.JoinError, match=words):
        joined.joined(tmp_path)


def run(*arguments):
    command = [sys.executable, joined.TARGET, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_show_lists_what_a_file_holds_without_keras(tmp_path):
    file = old_files.write(
        tmp_path / "old.h5", *old_files.of(Model(Dense("first"))), {"optimizer_config": {"class_name": "Adam"}}
    )
    done = run("show", file)
    assert done.returncode == 0, done.stderr
    for line in ("HDF5 file of a whole model, Keras 3.15.1", "optimizer: Adam", "first/first/kernel", "int64 70"):
        assert line in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "there is no such file or folder"), (b"text", "is none of these"), (b"\x89HDF\r\n\x1a\n" + b"0" * 90, "")],
)
def test_what_cannot_be_read_is_named(tmp_path, content, words):
    file = tmp_path / "old.h5"
    if content:
        file.write_bytes(content)
    done = run("show", file)
    assert done.returncode == 1 and done.stderr.startswith("Unreadable: ") and str(file) in done.stderr
    assert words in done.stderr and "Traceback" not in done.stderr


def test_wrong_arguments_are_explained(tmp_path):
    for arguments, words in (
        (["convert", "old.h5", "new.keras", "--model", "train.py"], "--model wants FILE.py:FUNCTION, not train.py"),
        (["convert", "old.h5", "new.keras", "--model", f"{tmp_path}/no.py:build"], "there is no file"),
        (["convert", "old.h5", "new.keras", "--keras", "no_keras"], "no_keras is not installed for"),
        (["repair", "old.h5"], "invalid choice"),
    ):
        done = run(*arguments)
        assert done.returncode == 2 and words in done.stderr, done.stderr
