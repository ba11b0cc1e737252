"""Which source files a job depends on, and one hash of their contents, for the rules' ``params``.

Snakemake does not see edits in imported modules. A hash over the files that a step really imports reruns
just the jobs that an edit concerns, and nothing when the edit is undone.
"""

import ast
import functools
import hashlib
import pathlib

#: what a package says that imports each of its modules by name
LOADS_ALL = "LOADS_ALL = True"
SCRIPTS = pathlib.Path(__file__).resolve().parent.parent


@functools.cache
def code_hash(*paths):
    """SHA-256 (16 hex digits) over the given files of ``scripts/`` and all of ours that they import.

    Parameters
    ----------
    *paths : str
        Relative to ``scripts/``, e.g. ``"save.py", "roundtrip/formats/h5.py"``.
    """
    return hashlib.sha256(b"".join(map(_hash, sorted(paths)))).hexdigest()[:16]


@functools.cache
def _hash(path):
    """One file's part, worked out once: thousands of jobs combine the same hundred members."""
    sha = hashlib.sha256()
    for file in sorted(closure(path)):
        sha.update(file.encode() + b"\0" + _digest(file))
    return sha.digest()


@functools.cache
def closure(*paths):
    """The given files and all modules of ``roundtrip`` and ``host`` that they import, at any depth.

    Members are imported by name at run time and so are no part of what a stage imports: name them.
    """
    found, pending = set(), list(paths)
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending += _imports(path)
    return frozenset(found)


@functools.cache
def _digest(path):
    return hashlib.sha256((SCRIPTS / path).read_bytes()).digest()


@functools.cache
def _imports(path):
    modules, source = set(), (SCRIPTS / path).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    files = set()
    if LOADS_ALL in source:
        files |= {str(p.relative_to(SCRIPTS)) for p in (SCRIPTS / path).parent.glob("*.py")}
    for module in modules:
        if module.split(".")[0] not in ("roundtrip", "host", "warm"):
            continue
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            base = pathlib.Path(*parts[:length])
            files |= {str(p) for p in (base.with_suffix(".py"), base / "__init__.py") if (SCRIPTS / p).exists()}
    return sorted(files)
