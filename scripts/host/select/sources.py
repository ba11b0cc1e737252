"""Hashes the source files that a job depends on, for the ``params`` of rules.

Snakemake does not notice edits in imported modules. With a hash of the files that a step opens in its params, an edit
reruns only the jobs that it concerns, and none after it is undone. A step opens a file

- by an import: read from the source files themselves;
- by the name of a member: OPENS declares which members a script opens, and ``FOLLOWS`` of a use declares which other
  models the job's model refers to;
- in another way, e.g. a program that it starts: the file that opens it declares that in ``DEPENDS``.

tests/test_dependencies.py traces the files that real steps open, and compares them with these hashes.
"""

import ast
import functools
import hashlib
import pathlib

from host.select import paths
from roundtrip import members

MODELS = frozenset(members.names("models"))
SCRIPTS = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ("roundtrip", "host", "rescue", "keras_rescue")

_MODEL = {"models": ("model",), "modifiers": ("modifier",)}
_CELL = {**_MODEL, "formats": ("format",), "loaders": ("loader",), "uses": ("use",)}
#: script -> {kind of member that it opens by name: wildcards of its job with the ids}; an engine's wildcard is its api.
#: An option after the script's name tells two of its jobs apart
OPENS = {
    "train.py": {"engines": ("api",), **_MODEL},
    "save.py": {"engines": ("api",), **_MODEL, "formats": ("format",)},
    "load.py": {"engines": ("consumer_api",), **_MODEL, "loaders": ("loader",), "uses": ("use",)},
    "load.py --item": {"engines": ("consumer_api",), "loaders": ("loader",)},
    "bridge.py": {"engines": ("via_api",), **_MODEL, "loaders": ("via_loader",), "formats": ("via_format",)},
    "host/judge/verify.py": _CELL,
    "host/judge/bridge.py": {**_CELL, "formats": ("format", "via_format"), "loaders": ("via_loader", "loader")},
    "host/judge/brought.py": {"formats": ("format",), "loaders": ("loader",), "uses": ("use",)},
    "host/reproduce/__main__.py": {**_MODEL, "formats": ("format",), "loaders": ("loader",)},
    "host/reproduce/__main__.py --manifest": {"loaders": ("loader",)},
}


def opened_by_name(script, wildcards):
    """A script and the files of the members that its job's wildcards name, relative to ``scripts/``.

    Parameters
    ----------
    script : str
        Relative to ``scripts/``.
    wildcards : mapping
        {wildcard: text}, or Snakemake's wildcards object.
    """
    names = {kind: [wildcards[w] for w in those] for kind, those in OPENS.get(script, {}).items()}
    names["models"] = [name for name in names.get("models", ()) if name in MODELS]  # a user's is in its subject's file
    for use in names.get("uses", ()) if "engines" in names else ():  # the judge reads a use, but does not run it
        for attribute in members.member("uses", use).FOLLOWS:
            others = [getattr(members.member("models", model), attribute) for model in names["models"]]
            names["models"] += [other for other in others if other]
    return [script.split()[0], *(paths.member(kind, name) for kind, ids in names.items() for name in ids)]


def step_hash(script, wildcards=None):
    """One hash of all files that a job's script opens."""
    return code_hash(*opened_by_name(script, wildcards or {}))


class Sources:
    """The source files in a folder like ``scripts/``; each is read once."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("hash", "closure", "_part", "_opened", "_read", "_digest"):
            setattr(self, name, functools.cache(getattr(self, name)))

    def hash(self, *files):
        """SHA-256 (16 hex digits) of the files, relative to the folder, and of all project files that they open."""
        return hashlib.sha256(b"".join(map(self._part, sorted(files)))).hexdigest()[:16]

    def _part(self, file):
        """The part of one file, computed once: thousands of jobs combine the same hundred members."""
        sha = hashlib.sha256()
        for name in sorted(self.closure(file)):
            sha.update(name.encode() + b"\0" + self._digest(name))
        return sha.digest()

    def _digest(self, file):
        return hashlib.sha256(self._read(file)).digest()

    def closure(self, *files):
        """The files, and all files that they import or declare in ``DEPENDS``, directly or indirectly.

        Members are imported by name at run time, so no import statement shows them: pass them explicitly.
        """
        reached, pending = set(), list(files)
        while pending:
            file = pending.pop()
            if file not in reached:
                reached.add(file)
                pending += self._opened(file)
        return frozenset(reached)

    def _opened(self, file):
        """The files that one file opens itself, including the packages that contain it."""
        modules, patterns = references(self._read(file), file)
        modules = {*modules, ".".join(file.split("/")[:-1])}
        names = {name for module in modules if module.split(".")[0] in PACKAGES for name in files_of(module)}
        opened = [name for name in sorted(names) if (self.folder / name).exists()]
        return opened + [name for pattern in patterns for name in self._matching(pattern, file)]

    def _matching(self, pattern, file):
        """The files that match a path or a glob of DEPENDS."""
        matches = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern))
        if not matches:
            raise ValueError(f"scripts/{file}: DEPENDS names {pattern}, but there is no such file in scripts/.")
        return matches

    def _read(self, file):
        return (self.folder / file).read_bytes()


def files_of(module):
    """The possible files of a module and of its packages: importing the module opens all of them."""
    parts = module.split(".")
    for folder in ("/".join(parts[:length]) for length in range(1, len(parts) + 1)):
        yield from (f"{folder}.py", f"{folder}/__init__.py")


@functools.cache
def references(source, file):
    """(modules that a source imports, files that it declares in ``DEPENDS``); both empty if it is not Python."""
    if not file.endswith(".py"):
        return frozenset(), ()
    tree, modules = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(modules), declared(tree, file)


def declared(tree, file):
    """The value of ``DEPENDS`` at the top level of a file; () if it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and "DEPENDS" in [getattr(target, "id", None) for target in node.targets]:
            try:
                return ast.literal_eval(node.value)
            except ValueError:
                raise ValueError(
                    f"scripts/{file}: DEPENDS is read without running the file. Write it as a literal."
                ) from None
    return ()


_sources = Sources(SCRIPTS)
code_hash, closure = _sources.hash, _sources.closure
