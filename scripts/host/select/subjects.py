"""Models that the user brings (`models` of the configuration): checked before any job starts, without running them."""

import ast
import difflib
import functools
import hashlib
from pathlib import Path

from host.schemas import ConfigError, did_you_mean, place
from host.select import user_code
from roundtrip import members
from roundtrip.subject import Subject

FILE = "results/subjects/{model}.json"


class Model:
    """A user's model, with the attributes of a member that the matrix asks for. Its traits show when it is trained.

    Parameters
    ----------
    described : dict
        What its steps are told (the subject's file).
    """

    APIS, TWIN = Subject.APIS, Subject.TWIN
    TRAITS, EXCLUDED, BACKENDS, PACKAGES = (), {}, (), ()
    #: its traits are not known before it is trained, so that the matrix leaves nothing out by them
    TRAITS_ARE_KNOWN = False

    def __init__(self, described):
        self.ID, self.TITLE, self.described = described["id"], described["title"], described


def resolve(config, configured):
    """{id: Model} of a configuration. Raises host.schemas.ConfigError."""
    return {id_: Model(_described(id_, item, configured)) for id_, item in config["models"].items()}


def _described(id_, item, configured):
    if id_ in members.names("models"):
        remedy = "Give yours another id."
        raise ConfigError(place(configured, "models", id_), f"{id_} is a model of this project", remedy)
    build, data = Named(configured, ("models", id_, "build")), Named(configured, ("models", id_, "data"))
    made = build.function(item["build"])
    given = data.arrays(item["data"]) if "data" in item else None
    listed = Named(configured, ("models", id_, "depends"))
    files = [*user_code.closure(made[0]), *(listed.file(name) for name in item["depends"])]
    files += user_code.closure(given[0]) if given else []
    return {
        "id": id_,
        "title": item["build"],
        "build": made,
        "data": given,
        "data_named": item.get("data"),
        "budget": item["budget"],
        "named_in": str(configured.holding("models", id_, "build")),
        "files": {str(path): digest(path, path.stat().st_mtime_ns) for path in sorted(set(files))},
    }


class Named:
    """What a key of the configuration names; paths are relative to the file that holds the key.

    Parameters
    ----------
    configured : host.schemas.Files
    keys : tuple of str
    """

    def __init__(self, configured, keys):
        self.where, self.folder = place(configured, *keys), Path(configured.folder(*keys))

    def file(self, name):
        """The path of a file. Raises ConfigError where there is none."""
        path = (self.folder / name).resolve()
        if not path.is_file():
            problem = f"there is no file {name} (looked for in {self.folder.resolve()})"
            raise ConfigError(self.where, problem, "Paths are relative to the file that names them.")
        return path

    def function(self, text):
        """[path, name] of ``file.py:name``. Raises ConfigError."""
        name, colon, function = text.rpartition(":")
        if not colon or not function.isidentifier():
            raise ConfigError(self.where, f"{text} names no function", "Write file.py:function.")
        path = self.file(name)
        tree = user_code.parsed(path)
        known = sorted(defined(tree)) if tree else [function]  # training shows the line of a syntax error
        if function not in known:
            near = difflib.get_close_matches(function, known, 3, 0.5)
            raise ConfigError(self.where, f"{name} defines no {function}", did_you_mean(near, known or ["nothing"]))
        return [str(path), function]

    def arrays(self, text):
        """[path, None] of an ``.npz``, [path, name] of a function. Raises ConfigError."""
        return [str(self.file(text)), None] if text.endswith(".npz") else self.function(text)


def defined(tree):
    """The names that a module's top level defines, assigns or imports, also inside an ``if`` or ``try``."""
    names, pending = set(), list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            names.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        pending += ast.iter_child_nodes(node)
    return names


@functools.cache
def digest(path, modified):
    """SHA-256 of a file's content; ``modified`` only tells one content from another while a process lives."""
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
