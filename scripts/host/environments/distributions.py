"""The distributions that an interpreter finds: their versions, and an identity of their content.

A release from a package index is known by its name and version. Any other has, beside its metadata, a
direct_url.json that says where it came from: https://packaging.python.org/en/latest/specifications/direct-url/
Its version may stay the same when its content changes, so its content counts too.
"""

import ast
import hashlib
import json
import os
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlparse

from packaging.utils import canonicalize_name

#: what belongs to the code of a project; its data and notebooks do not
CODE = (".py", ".so")
#: folders of a project that hold no code of it
SKIPPED = ("__pycache__", "node_modules", "site-packages")
SITES = ("site-packages", "dist-packages")


def on(path):
    """{canonical name: importlib.metadata.Distribution}; of two with the same name, the first on the path counts."""
    present = {}
    for distribution in metadata.distributions(path=list(path)):
        name = distribution.metadata["Name"]  # None where an uninstallation left an empty folder
        if name:
            present.setdefault(canonicalize_name(name), distribution)
    return present


def identity(distribution):
    """[version, digest of the content]: the digest is None for a release from a package index."""
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    folders = editable_folders(distribution, origin)
    if folders:
        return [distribution.version, digest(folders)]
    listed = distribution.read_text("RECORD") if origin else None  # it holds the hash of every installed file
    return [distribution.version, hashlib.sha256(listed.encode()).hexdigest() if listed else None]


def editable_folders(distribution, origin):
    """The folders from which an editable installation is imported; empty for any other installation."""
    beside = Path(str(distribution.locate_file("")))
    if not origin.get("dir_info", {}).get("editable"):
        # `setup.py develop` leaves its metadata (PKG-INFO) in the project's own folder
        in_project = distribution.read_text("METADATA") is None and beside.name not in SITES
        return [beside] if in_project else []
    files = [beside / str(file) for file in distribution.files or () if file.suffix in (".pth", ".py")]
    folders = [folder for file in files if file.is_file() for folder in _pointed_at(file)]
    return folders or [Path(unquote(urlparse(origin["url"]).path))]


def _pointed_at(file):
    """The folders that a .pth file adds to the path, or that setuptools' finder maps packages to.

    https://setuptools.pypa.io/en/latest/userguide/development_mode.html
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".pth":
        return [Path(line) for line in text.splitlines() if line.startswith("/")]
    assigned = {getattr(target, "id", None): node.value for node in ast.parse(text).body for target in _targets(node)}
    return [Path(place) for place in ast.literal_eval(assigned["MAPPING"]).values()] if "MAPPING" in assigned else []


def _targets(node):
    return getattr(node, "targets", []) or ([node.target] if isinstance(node, ast.AnnAssign) else [])


def digest(folders):
    """SHA-256 of the code in these folders (or files)."""
    sha = hashlib.sha256()
    for folder in sorted(set(folders)):
        for file in sorted(_code(folder)):
            sha.update(os.fsencode(os.path.relpath(file, folder)) + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return sha.hexdigest()


def _code(folder):
    """The files of code below a folder, without those of hidden folders and of other environments."""
    if folder.is_file():
        yield folder
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and name[0] != "."]
        if "pyvenv.cfg" in files:
            folders.clear()
        yield from (Path(here, name) for name in files if name.endswith(CODE))
