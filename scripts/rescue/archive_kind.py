"""Which files and folders Keras' saving library wrote, judged by their contents."""

import os

from rescue.archive_store import (
    ARCHIVE_BACKUPS,
    ARCHIVE_ERRORS,
    archive_is_weights_name,
    archive_open_hdf5,
    archive_shards,
    archive_zip_files,
)
from rescue.held import Held


def is_archive(path):
    """Whether Keras' saving library wrote this file or folder, judged by its contents."""
    try:
        return bool(archive_kind(str(path)))
    except Exception:  # whatever the contents are
        return False


def archive_kind(path):
    """The kind for Held: "archive", "backup", "weights"; None for any other file or folder."""
    if os.path.isdir(path):
        return _folder_kind(set(os.listdir(path)))
    with open(path, "rb") as file:
        start = file.read(256)
    if start.startswith(b"PK\x03\x04"):
        begins_as_archive = b"metadata.json" in start or b"config.json" in start
        return "archive" if begins_as_archive or _is_archive_listing(path) else None
    if path.endswith(".json"):
        with open(path, "rb") as file:
            return "weights" if archive_shards(file.read()) else None
    return "weights" if start.startswith(b"\x89HDF") and _has_layout(path) else None


def _is_archive_listing(path):
    names = set(archive_zip_files(path, Held(path, ""), False))
    return "config.json" in names and bool(names & {"model.weights.h5", "model.weights.npz"})


def _folder_kind(names):
    if "config.json" in names and any(map(archive_is_weights_name, names)):
        return "archive"
    if any(weights in names for weights, _ in ARCHIVE_BACKUPS):
        return "backup"
    return "weights" if len([n for n in names if n.endswith(".weights.json")]) == 1 else None


def _has_layout(path):
    """Whether an HDF5 file has groups ``.../vars`` and no list of layer names, which the older layout has."""
    with open(path, "rb") as file:
        opened, _ = archive_open_hdf5(file.read(), path, Held(path, ""), True)
    if opened is None or {"layer_names", "model_config"} & set(opened.attrs):
        return False
    if "vars" in opened or any("\\vars" in name for name in opened):
        return True
    return any(_has_variables(opened, name) for name in opened if name not in ("model_weights", "optimizer_weights"))


def _has_variables(parent, name):
    """Whether there is a group ``vars`` in a group or in one of its groups. A damaged group has none."""
    try:
        group = parent[name]
        return "vars" in group or any("vars" in group[child] for child in group)
    except ARCHIVE_ERRORS:
        return False
