"""Artifacts that the user brings: checked before any job, and the cells that follow from them."""

import zipfile
from pathlib import Path

from host.schemas import ConfigError
from host.select.cells import Cell
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
    """The configured artifacts, their formats detected; ConfigError names what is wrong and the remedy."""
    seen = set()
    for number, item in enumerate(items):
        where = f"{file}, pretrained[{number}]"
        if item["id"] in seen:
            raise ConfigError(f"{where}.id: {item['id']} is there twice. Give each artifact an id of its own.")
        seen.add(item["id"])
        path = Path(item["path"])
        prefix = path.with_name(path.name + ".index")
        if not path.exists() and not prefix.exists():
            what = f"there is no {path} (looked for in {Path.cwd()})"
            raise ConfigError(f"{where}.path: {what}. Write it relative to where snakemake is started, or absolute.")
        item["format"] = item.get("format") or detect(path)
        if item["format"] is None:
            what = f"the format of {path} cannot be told. Say it with `format`: {', '.join(FORMATS)}"
            raise ConfigError(f"{where}.path: {what}.")
        unknown = sorted(set(item.get("runtimes", [])) - set(runtimes))
        if unknown:
            raise ConfigError(f"{where}.runtimes: there is no {unknown[0]}. Known: {', '.join(sorted(runtimes))}.")
    return items


def detect(path):
    """The format of a file or folder: its content first, its name where that says nothing."""
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
    return "checkpoint"  # a prefix: its .index is there


def cells(items, runtimes):
    """The cells of all artifacts: every route that reads the format, in every runtime that has it."""
    found = []
    for item in items:
        for runtime in runtimes.values():
            if runtime.id not in item.get("runtimes", runtimes):
                continue
            for name in members.names("routes"):
                route = members.member("routes", name)
                if runtime.api in route.APIS and item["format"] in route.READS:
                    found.append(Cell("pretrained", item["id"], "none", item["format"], runtime.id, name, "inference"))
    return found


def listing(item):
    """[path, size, time of change] of the artifact's files: when one differs, its routes run again."""
    path = Path(item["path"])
    found = (
        sorted(p for p in path.rglob("*") if p.is_file())
        if path.is_dir()
        else sorted(path.parent.glob(path.name + "*"))
    )
    return [[str(p), p.stat().st_size, p.stat().st_mtime_ns] for p in found]
