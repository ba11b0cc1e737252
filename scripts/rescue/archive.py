"""Reader of Keras' saving library: ``.keras``, ``.weights.h5``, sharded weights, the folder of BackupAndRestore.

The layout: https://github.com/keras-team/keras/blob/v3.8.0/keras/src/saving/saving_lib.py#L80
"""

import collections
import json
import os

import numpy as np

from rescue.archive_kind import archive_kind
from rescue.archive_layers import ARCHIVE_CONTAINERS, ArchiveLayers, archive_natural
from rescue.archive_store import (
    ARCHIVE_BACKUPS,
    ARCHIVE_ERRORS,
    archive_file_files,
    archive_folder_files,
    archive_open_hdf5,
    archive_problem,
    archive_value,
    archive_zip_files,
)
from rescue.held import Held, Unreadable, Variable, Weight

#: the attribute of a LossScaleOptimizer that holds the optimizer inside: today's, and Keras 2.12's
ARCHIVE_INNER = ("inner_optimizer", "_optimizer")

#: attributes of a model that hold its metrics and losses
ARCHIVE_METRICS = (
    "metrics",
    "_metrics",
    "loss",
    "compiled_metrics",
    "compiled_loss",
    "_compile_metrics",
    "_compile_loss",
    "_loss_tracker",
)

#: the folder of what layers keep in files of their own, at the paths of the layers
ARCHIVE_ASSETS = "assets/"


def read_archive(path, damaged=False):
    """Read what Keras' saving library wrote.

    Facts: "metrics", the number of metrics' variables; "epoch" and "batch" of BackupAndRestore; "current paths", for a
    file of Keras 2.12 or 2.13: {path of a weight: its path in files of later versions}.
    """
    path = str(path)
    held = Held(path, archive_kind(path))
    if held.kind is None:
        raise Unreadable("%s: Keras' saving library did not write it" % path)
    files = _archive_files(path)(path, held, damaged)
    _read_statements(files, held, damaged)
    entries, names = _read_entries(files, held, damaged)
    layers = ArchiveLayers({_owner(p) for p in entries} | set(names), names, (held.keras or "").startswith("2."))
    model = (held.config or {}).get("config")
    listed = isinstance(model, dict) and isinstance(model.get("layers"), list)
    if listed:
        layers.add_model(model)
    entries.update(_assets(files))
    _sort_entries(entries, layers, held)
    if any(ARCHIVE_CONTAINERS[1] in weight.path.split("/") for weight in held.weights):
        held.facts["current paths"] = {weight.path: layers.current_path(weight.path) for weight in held.weights}
    placed = [layers.layer_of(_owner(weight.path))[1] for weight in held.weights]
    held.ordered = listed and layers.certain and None not in placed
    return held


def _archive_files(path):
    if os.path.isdir(path):
        return archive_folder_files
    with open(path, "rb") as file:
        return archive_zip_files if file.read(2) == b"PK" else archive_file_files


def _read_statements(files, held, damaged):
    """The JSON files: the config, the version, the epoch of BackupAndRestore."""
    read = {}
    for name in ("config.json", "metadata.json") + tuple(metadata for _, metadata in ARCHIVE_BACKUPS):
        try:
            read[name] = json.loads(files[name].decode("utf-8")) if name in files else {}
        except ValueError as error:
            archive_problem(held, damaged, name, error)
    config = read.get("config.json") or {}
    held.keras = (read.get("metadata.json") or {}).get("keras_version")
    held.compiled = config.get("compile_config")
    held.config = {key: config[key] for key in ("class_name", "config") if key in config} or None
    for _, metadata in ARCHIVE_BACKUPS:
        held.facts.update(read.get(metadata) or {})


def _read_entries(files, held, damaged):
    """({path: array}, {path of an object: its name}) of all HDF5 files; a Windows path has slashes here."""
    entries, names = collections.OrderedDict(), {}
    listed = sorted(n for n in files if "/" not in n and n.endswith((".h5", ".h5.bkp")))
    if not listed:
        archive_problem(held, damaged, "model.weights.h5", "it holds no weights in HDF5")
    for name in listed:
        opened, length = archive_open_hdf5(files[name], name, held, damaged)
        for path, item in _walk_hdf5(opened, "", held, damaged) if opened else ():
            try:
                if hasattr(item, "keys"):  # HDF5 can read an attribute for ever whose file is damaged
                    stated = None if held.damage else item.attrs.get("name")
                    names.setdefault(_owner(path), stated.decode("utf-8") if isinstance(stated, bytes) else stated)
                else:
                    entries[path] = archive_value(item, length)
            except ARCHIVE_ERRORS as error:
                archive_problem(held, damaged, path, error)
    return entries, names


def _walk_hdf5(group, prefix, held, damaged):
    """(path, item) of each dataset and each group ``vars``."""
    try:
        keys = sorted(group, key=archive_natural)
    except ARCHIVE_ERRORS as error:
        return archive_problem(held, damaged, prefix, error)
    for key in keys:
        path = prefix + key.replace("\\", "/")
        try:
            item = group[key]
        except ARCHIVE_ERRORS as error:
            archive_problem(held, damaged, path, error)
            continue
        if not hasattr(item, "keys") or path.split("/")[-1] == "vars":
            yield path, item
        if hasattr(item, "keys"):
            for found in _walk_hdf5(item, path + "/", held, damaged):
                yield found


def _owner(path):
    """The path of the object that a variable belongs to; "" is the model."""
    if path.startswith(ARCHIVE_ASSETS):
        return os.path.dirname(path)[len(ARCHIVE_ASSETS) :]
    return ("/" + path + "/").rpartition("/vars/")[0][1:]


def _sort_entries(entries, layers, held):
    """Each variable to the weights, the optimizer, the optimizer inside, or the metrics."""
    metrics, others, placed = 0, 0, []
    for path in sorted(entries, key=archive_natural):
        role, rest = _role(_owner(path).split("/"))
        if role == "metrics":
            metrics += 1
        elif role == "weights":
            names, position = layers.layer_of(_owner(path))
            key = (position is None, position or 0, archive_natural(path))
            placed.append((key, Weight(path, None, names, entries[path])))
        elif rest[:1] and (rest[0] not in ARCHIVE_INNER or len(rest) > 1):
            others += 1
        else:
            (held.inner if rest else held.optimizer).append(Variable(path, None, None, None, entries[path]))
    held.weights = [weight for _, weight in sorted(placed, key=lambda pair: pair[0])]
    held.facts["metrics"] = metrics
    if others:
        held.facts["variables of other optimizers"] = others


def _role(parts):
    """("weights", "optimizer" or "metrics", the path inside of the optimizer). A model in a model may have its own."""
    for at, part in enumerate(parts):
        if at and parts[at - 1] in ARCHIVE_CONTAINERS:
            continue
        if part == "optimizer":
            return "optimizer", parts[1:] if at == 0 else ["of a nested model"] + parts[at + 1 :]
        if part in ARCHIVE_METRICS:
            return "metrics", []
    return "weights", []


def _assets(files):
    """{path: words} of the vocabularies of lookup layers, which lie beside the weights as text."""
    names = [name for name in files if name.startswith(ARCHIVE_ASSETS)]
    return {name: np.array(files[name].decode("utf-8", "replace").split("\n")) for name in names}
