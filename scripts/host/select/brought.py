"""Artifacts that the user brings: checks them before any job starts, and lists their cells."""

import zipfile
from pathlib import Path

from host.schemas import ConfigError, place
from host.select.cells import Cell
from host.select.selection import select
from roundtrip import members

ENDINGS = {
    ".pb": "frozen_graph",
    ".h5": "h5",
    ".hdf5": "h5",
    ".keras": "keras",
    ".index": "checkpoint",
    ".ckpt": "checkpoint",
}
FORMATS = {
    "saved_model": "SavedModel",
    "frozen_graph": "frozen GraphDef",
    "checkpoint": "TensorFlow checkpoint",
    "h5": "Keras model, HDF5",
    "keras": "Keras archive",
}


def resolve(items, runtimes, file):
    """The configured artifacts, with their formats filled in. Raises host.schemas.ConfigError."""
    ids = set()
    for number, item in enumerate(items):
        where = place(file, "pretrained", number)
        if item["id"] in ids:
            raise ConfigError(f"{where}.id", f"the id {item['id']} is used twice", "Give each artifact its own id.")
        ids.add(item["id"])
        item["format"] = _format(item, f"{where}.path")
        _runtimes(item, runtimes, f"{where}.runtimes")
    return items


def _format(item, where):
    """The artifact's configured format, else the detected one. Raises host.schemas.ConfigError."""
    path = Path(item["path"])
    prefix = path.with_name(path.name + ".index")
    if not path.exists() and not prefix.exists():
        problem = f"there is no {path} (searched in {Path.cwd()})"
        raise ConfigError(where, problem, "Write an absolute path, or one relative to snakemake's working folder.")
    fmt = item.get("format") or detect(path)
    if fmt is None:
        raise ConfigError(where, f"the format of {path} cannot be detected", f"Add `format`: {', '.join(FORMATS)}.")
    return fmt


def _runtimes(item, runtimes, where):
    """The ids of the runtimes that read an artifact."""
    return select(item.get("runtimes", "all"), runtimes, where)


def detect(path):
    """The format of a file or folder, by its content, else by its name; None if neither determines it."""
    if path.is_dir():
        inside = {p.name for p in path.iterdir()}
        if inside & {"saved_model.pb", "saved_model.pbtxt"}:
            return "saved_model"
        return "checkpoint" if "checkpoint" in inside or any(n.endswith(".index") for n in inside) else None
    if path.is_file():
        with path.open("rb") as f:
            if f.read(8) == b"\x89HDF\r\n\x1a\n":
                return "h5"
        if zipfile.is_zipfile(path):
            return "keras"
        return ENDINGS.get(path.suffix)
    return "checkpoint"  # the prefix of a checkpoint, of which only <prefix>.index exists


def cells(items, runtimes):
    """The cells of all artifacts: every route that reads the format, in every runtime that has it."""
    return [
        Cell("pretrained", item["id"], "none", item["format"], runtime.id, route.ID, "inference")
        for item in items
        for runtime in map(runtimes.get, _runtimes(item, runtimes, item["id"]))
        for route in (members.member("routes", name) for name in members.names("routes"))
        if runtime.api in route.APIS and item["format"] in route.READS
    ]


def listing(item):
    """[path, size, modification time] of each file of the artifact. If one changes, its routes run again."""
    path = Path(item["path"])
    files = (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.parent.glob(path.name + "*")
    return [[str(p), p.stat().st_size, p.stat().st_mtime_ns] for p in sorted(files)]
