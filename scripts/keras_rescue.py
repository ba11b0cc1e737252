"""Bring back into a Keras model what a saved file holds and its loader left there.

    import keras_rescue
    report = keras_rescue.rescue(model, "old.h5")     # the model that you built, or that Keras loaded
    print(report)

    python keras_rescue.py convert old.h5 new.keras   # a file that the newer Keras reads by itself

Copy this one file into your project. It needs Keras, NumPy and h5py, and TensorFlow for TensorFlow's checkpoints.
What it can do and what it refuses: docs/rescue.md of keras-roundtrip, whose matrix runs this file on every model.

``make docs`` of keras-roundtrip joins this file from scripts/rescue/: edit the modules there.
"""

import argparse
import collections
import contextlib
import functools
import importlib
import importlib.util
import inspect
import io
import json
import os
import re
import struct
import sys
import zipfile
import zlib
import h5py
import numpy as np


# -- held: What a file holds, as its reader found it: weights, the optimizer's variables, the stated configs.

#: a weight, or another variable of a layer (a seed, a counter)
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "dense/kernel"
#: layer : tuple of str, the names of its layer and of the models around it, outermost first; () if the file is silent
#: value : NumPy array
Weight = collections.namedtuple("Weight", "path name layer value")

#: a variable of the optimizer
#:
#: path : str, where it lies in the file
#: name : str or None, the variable's own name, if the file states it: "Adam/dense/kernel/m"
#: slot : str or None, the name of the slot, if the file states it apart from the name: "m"
#: of : str or None, the ``path`` of the weight that the slot belongs to, if the file states it apart from the name
#: value : NumPy array
Variable = collections.namedtuple("Variable", "path name slot of value")


class Unreadable(Exception):
    """The file, or a part of it, cannot be read; the message says which part and why."""


class Held(object):
    """The contents of one file or folder.

    Attributes
    ----------
    source : str
    kind : str, "whole HDF5 file", "archive", "weights", "checkpoint", "SavedModel", ...
    keras : str or None, the version of Keras that wrote it, if the file states it
    config : dict or None, the model's config: {"class_name", "config"}
    compiled : dict or None, the stated compile arguments: "optimizer_config" (Keras 2's and HDF5's key) or "optimizer",
        "loss", "metrics", ...
    weights : list of Weight
        In the order of the model's layers if ``ordered``.
    ordered : bool, whether the order of ``weights`` is known to be that of the model's layers
    optimizer : list of Variable
        In the order of ``optimizer.variables``. [] if the file holds none.
    inner : list of Variable
        Those of the optimizer around which a LossScaleOptimizer lies; ``optimizer`` holds the outer ones then.
    facts : dict
        Other stated facts by name: "epoch" of BackupAndRestore.
    may_lack : bool, whether the user asked for what is left of a damaged file, so that weights may be missing
    damage : list of (path, reason), what could not be read. Only a reader called with ``damaged=True`` fills it; any
        other raises Unreadable.
    """

    def __init__(self, source, kind):
        self.source, self.kind, self.keras = source, kind, None
        self.config = self.compiled = None
        self.weights, self.ordered = [], False
        self.optimizer, self.inner = [], []
        self.facts, self.damage = {}, []
        self.may_lack = False


def listed_once(held):
    """The optimizer's variables, outer ones first. A LossScaleOptimizer lists those of the inner optimizer too."""
    own = len(held.optimizer) - len(held.inner)
    twice = held.inner and own >= 0 and all(map(_same_value, held.optimizer[own:], held.inner))
    return (held.optimizer[:own] if twice else held.optimizer) + held.inner


def _same_value(one, other):
    return np.shape(one.value) == np.shape(other.value) and np.array_equal(one.value, other.value)


# -- archive_store: The files of Keras' saving library as bytes: zips, folders, shards and HDF5 files, also damaged ones.

#: what Keras' BackupAndRestore writes, and the copies that it restores from if the first is missing:
#: https://github.com/keras-team/keras/blob/v3.8.0/keras/src/callbacks/backup_and_restore.py#L97
ARCHIVE_BACKUPS = (
    ("latest.weights.h5", "training_metadata.json"),
    ("latest.weights.h5.bkp", "training_metadata.json.bkp"),
)

#: what h5py raises for a damaged file
ARCHIVE_ERRORS = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, MemoryError, struct.error)

#: the signature, flags, method, sizes and lengths in the local header of a zip's member
ZIP_LOCAL = struct.Struct("<4sHHHHHIIIHH")


def archive_problem(held, damaged, path, reason):
    """A part that cannot be read: an entry in ``held.damage``, or Unreadable."""
    if not damaged:
        raise Unreadable("%s: %s: %s" % (held.source, path, reason))
    held.damage.append((path, str(reason)))


def archive_zip_files(path, held, damaged):
    """{name: bytes} of a zip. Names written on Windows may have backslashes.

    A zip without its end (truncated) has no table of contents: its members are read one after the other.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            return {name.replace("\\", "/"): archive.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        archive_problem(held, damaged, os.path.basename(path), error)
    with open(path, "rb") as file:
        return dict(_zip_members(file.read(), held))


def _zip_members(data, held):
    """(name, bytes) of each member whose local header is there, without a look at its checksum."""
    at = data.find(b"PK\x03\x04")
    while at >= 0 and at + ZIP_LOCAL.size <= len(data):
        _, _, flags, method, _, _, _, size, _, name_length, extra_length = ZIP_LOCAL.unpack_from(data, at)
        start = at + ZIP_LOCAL.size + name_length + extra_length
        name = data[at + ZIP_LOCAL.size : start - extra_length].decode("utf-8", "replace").replace("\\", "/")
        if flags & 8 or size == 0xFFFFFFFF:  # the size is stated after the contents, or in another field
            following = [data.find(mark, start) for mark in (b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02")]
            size = min([end for end in following if end >= 0] or [len(data)]) - start
        if start + size > len(data):
            held.damage.append((name, "%d of its %d bytes are missing" % (start + size - len(data), size)))
        contents = data[start : start + size]
        yield name, contents if method == zipfile.ZIP_STORED else _inflated(contents)
        at = data.find(b"PK\x03\x04", start + size)


def _inflated(data):
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data)
    except zlib.error:
        return b""


def archive_bytes(folder, name, held, damaged):
    """The bytes of a file in a folder; None if it cannot be read."""
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except OSError as error:
        archive_problem(held, damaged, name, error)


def archive_folder_files(folder, held, damaged):
    """{name: bytes} of an unzipped archive, or of the folder of BackupAndRestore."""
    names = set(os.listdir(folder))
    for weights, metadata in ARCHIVE_BACKUPS:
        if weights in names and "config.json" not in names:
            return _read_all(folder, sorted({weights, metadata} & names), held, damaged)
    listed = [n for n in names if n in ("config.json", "metadata.json") or archive_is_weights_name(n)]
    for where, _, files in os.walk(os.path.join(folder, "assets")):
        listed += [os.path.relpath(os.path.join(where, name), folder).replace("\\", "/") for name in files]
    files = _read_all(folder, sorted(listed), held, damaged)
    for name in [n for n in sorted(listed) if n.endswith(".weights.json")]:
        files.update(_read_all(folder, [n for n in archive_shards(files[name]) if n not in files], held, damaged))
    return files


def _read_all(folder, names, held, damaged):
    read = [(name, archive_bytes(folder, name, held, damaged)) for name in names]
    return {name: data for name, data in read if data is not None}


def archive_is_weights_name(name):
    return name.endswith((".weights.h5", ".weights.json"))


def archive_shards(index):
    """The names of the shards that a ``.weights.json`` lists, in order; [] if it lists none."""
    try:
        listed = json.loads(index.decode("utf-8"))["weight_map"].values()
    except (ValueError, KeyError, AttributeError, TypeError):
        return []
    names = []
    for value in listed:
        names += [os.path.basename(n) for n in (value if isinstance(value, list) else [value])]
    return sorted(set(names))


def archive_file_files(path, held, damaged):
    """{name: bytes} of a ``.weights.h5``, or of a ``.weights.json`` and the shards beside it."""
    folder, name = os.path.split(path)
    data = archive_bytes(folder, name, held, damaged)
    files = {} if data is None else {name: data}
    files.update(_read_all(folder, archive_shards(data or b""), held, damaged))
    return files


def archive_open_hdf5(data, name, held, damaged):
    """(file, length) of an HDF5 file in memory; (None, 0) if it cannot be opened.

    HDF5 opens no file that is shorter than its superblock states. A damaged file is filled up to that length:
    ``archive_value`` refuses what lies in the filling.
    """
    import h5py

    try:
        return h5py.File(io.BytesIO(data), "r"), len(data)
    except ARCHIVE_ERRORS as error:
        archive_problem(held, damaged, name, error)
    try:
        filling = b"\xff" * max(0, _stated_length(data) - len(data))
        return h5py.File(io.BytesIO(data + filling), "r"), len(data)
    except ARCHIVE_ERRORS:
        return None, 0


def _stated_length(data):
    """The end-of-file address in an HDF5 superblock, at most 64 times the length that is there.

    https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
    """
    if not data.startswith(b"\x89HDF\r\n\x1a\n"):
        return 0
    version = bytearray(data[8:9])[0]
    at = {0: 40, 1: 44}.get(version, 28)
    return min(struct.unpack_from("<Q", data, at)[0], 64 * len(data))


def archive_value(dataset, length):
    """The array of a dataset. Raises ValueError if it lies outside of the ``length`` bytes that are there."""
    at = dataset.id.get_offset()
    if at is not None and at + dataset.id.get_storage_size() > length:
        raise ValueError("it lies behind the end of the truncated file")
    return archive_bfloat16(dataset[()])


def archive_bfloat16(value):
    """Two opaque bytes are how HDF5 holds bfloat16; without ``ml_dtypes``, float32 of the same values."""
    import numpy as np

    value = np.asarray(value)
    if value.dtype.kind != "V" or value.dtype.itemsize != 2:
        return value
    bits = np.frombuffer(value.tobytes(), np.uint16).reshape(value.shape)
    try:
        import ml_dtypes
    except ImportError:
        return (bits.astype(np.uint32) << 16).view(np.float32)
    return bits.view(ml_dtypes.bfloat16)


# -- archive_kind: Which files and folders Keras' saving library wrote, judged by their contents.

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


# -- archive_layers: Which layer an entry of Keras' saving library belongs to: the config's layers, by the names of the groups.

#: the attributes that hold a model's layers: today's, and that of Keras 2.12 and 2.13
ARCHIVE_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")


def archive_natural(path):
    """A key that sorts ``vars/2`` before ``vars/10``, and an object's own variables before those of its children."""
    parts = path.split("/")
    return [(part != "vars", re.sub(r"\d+$", "", part), int((re.findall(r"\d+$", part) or ["0"])[0])) for part in parts]


def archive_snake_case(name):
    """As in Keras: https://github.com/keras-team/keras/blob/v3.8.0/keras/src/utils/naming.py#L27"""
    name = re.sub(r"\W+", "", name.split(">")[-1])
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return "private" + name if name.startswith("_") else name


def archive_numbered(names):
    """The names with a counter behind each repeated one: dense, dense_1, dense_2."""
    count, numbered = {}, []
    for name in names:
        count[name] = count.get(name, -1) + 1
        numbered.append("%s_%d" % (name, count[name]) if count[name] else name)
    return numbered


def archive_is_object(value):
    return isinstance(value, dict) and isinstance(value.get("class_name"), str)


def archive_is_layer(entry):
    """Keras 3 lists operations among a Functional model's layers; the file holds the layers only."""
    return archive_is_object(entry) and "ops" not in str(entry.get("module")).split(".")


class ArchiveLayers(object):
    """The layers of a config, at their places in a file.

    Parameters
    ----------
    groups : set of str, the paths of all objects in the file
    names : dict of str, the name of the object at a path, where the file states it (Keras >= 3.7)
    by_order : bool
        Whether Keras 2 wrote the file. It counts no layer that it has written before, and Keras 2.12 counts a layer
        with weights twice. So the n-th group of a class is its n-th layer if there are as many of both.

    Attributes
    ----------
    places : OrderedDict, path -> names of the layer and of what is around it, in the order of the model's layers
    certain : bool, whether every group in a list of layers has its layer
    """

    def __init__(self, groups, names, by_order):
        self.names, self.by_order = names, by_order
        self.places, self.certain = collections.OrderedDict(), True
        self.children = collections.defaultdict(set)
        for group in groups:
            parts = group.split("/")
            for end in range(1, len(parts)):
                self.children["/".join(parts[:end])].add(parts[end])

    def add_model(self, config, prefix="", above=()):
        """The layers of a Functional or a Sequential model, whose config lists them."""
        places = [prefix + attribute for attribute in ARCHIVE_CONTAINERS]
        place = next((p for p in places if p in self.children), places[0])
        self._add_list([e for e in config["layers"] if archive_is_layer(e)], place, above)

    def _add_list(self, entries, place, above):
        children = self.children.get(place, set())
        kinds = [archive_snake_case(entry["class_name"]) for entry in entries]
        numbered = self._in_order(kinds, children) if self.by_order else archive_numbered(kinds)
        if not children <= set(numbered):
            self.certain = False
            return
        for entry, name in zip(entries, numbered):
            if name in children:
                self._add_layer(entry, place + "/" + name, above)

    def _in_order(self, kinds, children):
        """The group of each layer; None for a layer of a class that has another number of groups."""
        groups = {}
        for kind in set(kinds):
            own = [c for c in children if re.match(r"%s(_\d+)?$" % re.escape(kind), c)]
            groups[kind] = sorted(own, key=archive_natural) if len(own) == kinds.count(kind) else []
        return [groups[kind].pop(0) if groups[kind] else None for kind in kinds]

    def _add_layer(self, entry, place, above):
        config = entry["config"] if isinstance(entry.get("config"), dict) else {}
        name = self.names.get(place) or config.get("name") or entry.get("name")
        self.certain = self.certain and name in (config.get("name"), entry.get("name"))
        above += (name,) if name else ()
        self.places[place] = above
        if isinstance(config.get("layers"), list) and all(map(archive_is_object, config["layers"])):
            self.add_model(config, place + "/", above)
        for key, value in config.items():
            if archive_is_object(value) and key in self.children.get(place, ()):
                self._add_layer(value, place + "/" + key, above)
            elif key != "layers" and isinstance(value, list) and value and all(map(archive_is_object, value)):
                self._add_list(value, place + "/" + key, above)

    def layer_of(self, path):
        """(names, position) of the object at a path; position is None if the config lists no layer there."""
        parts = path.split("/")
        prefixes = ["/".join(parts[:end]) for end in range(len(parts) + 1)]
        listed = [p for p in prefixes if p in self.places]
        names = self.places[listed[-1]] if listed else ()
        deeper = prefixes[prefixes.index(listed[-1]) + 1 :] if listed else prefixes[1:]
        names += tuple(self.names[p] for p in deeper if self.names.get(p))
        return names, list(self.places).index(listed[-1]) if listed else None

    def current_path(self, path):
        """The path that later versions give to a variable in a file of Keras 2.12 or 2.13: without doubled counts."""
        parts = path.split("/")
        renamed = list(parts)
        for at, part in enumerate(parts[:-1]):
            if part == ARCHIVE_CONTAINERS[1]:
                kind = re.sub(r"_\d+$", "", parts[at + 1])
                children = sorted(self.children["/".join(parts[: at + 1])], key=archive_natural)
                number = [c for c in children if re.sub(r"_\d+$", "", c) == kind].index(parts[at + 1])
                renamed[at : at + 2] = ["layers", "%s_%d" % (kind, number) if number else kind]
        return "/".join(renamed)


# -- archive: Reader of Keras' saving library: ``.keras``, ``.weights.h5``, sharded weights, the folder of BackupAndRestore.

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


# -- live: A live Keras model: its variables by layer, their values, and the Keras that made it.

#: a variable of a live model
#:
#: layer : str, the name of the top-level layer; "" for the model's own
#: tail : str, its name inside that layer
#: needed : bool, whether a file must have it: the state of a random generator need not be there
#: variable : the Keras variable
LiveWeight = collections.namedtuple("LiveWeight", "layer tail needed variable")


def keras_of(model):
    """The Keras module that made a model or an optimizer: ``keras``, ``tf_keras`` or ``tensorflow.keras``."""
    roots = [c.__module__.split(".") for c in type(model).__mro__ if c.__module__ != "builtins"]
    for root in roots:
        if root[0] == "tf_keras":
            return importlib.import_module("tf_keras")
        if root[0] == "tensorflow":
            return importlib.import_module("tensorflow").keras
        if root[0] == "keras":
            keras = importlib.import_module("keras")
            return keras if int(keras.__version__.split(".")[0]) > 2 else importlib.import_module("tensorflow").keras
    raise TypeError("%s is not a Keras model" % type(model).__name__)


def version_of_keras(keras):
    """Its version; "2" for the tf.keras of TensorFlow 2.13 to 2.15, which states none."""
    return getattr(keras, "__version__", "2")


def is_keras3(keras):
    return keras.__name__ == "keras" and int(keras.__version__.split(".")[0]) > 2


def live_weights(model):
    """[LiveWeight] of a model in the order of its layers."""
    listed, seen = [], set()
    for layer in model.layers:
        needed = {id(v) for v in layer.weights}
        for variable in _of_layer(layer):
            seen.add(id(variable))
            tail = tail_of(live_name(variable), layer.name)
            listed.append(LiveWeight(layer.name, tail, id(variable) in needed, variable))
    for variable in [v for v in model.weights if id(v) not in seen and _has_size(v)]:
        listed.append(LiveWeight("", tail_of(live_name(variable), model.name), True, variable))
    return listed


def _of_layer(layer):
    """The variables of a layer as files list them: trainable ones first, the states of random generators last."""
    weights = [v for v in list(layer.trainable_weights) + list(layer.non_trainable_weights) if _has_size(v)]
    known = {id(v) for v in weights} | {id(v) for v in getattr(layer, "metrics_variables", ())}
    others = [v for v in layer.variables if id(v) not in known and _has_size(v) and hasattr(v, "path")]
    return weights + others


def _has_size(variable):
    """Whether this is a variable of a known shape: a lookup table is none, and boundaries of bins may have no size."""
    shape = getattr(variable, "shape", None)
    rank = getattr(shape, "rank", 0) if shape is not None else None
    return rank is not None and all(dimension is not None for dimension in tuple(shape))


def live_name(variable):
    """``dense/kernel``, without TensorFlow's ``:0``."""
    name = getattr(variable, "path", None) or variable.name
    return name[:-2] if name.endswith(":0") else name


def tail_of(name, layer):
    """A variable's name inside its layer: the part after the layer's own name, if the name has it."""
    parts = name.split("/")
    if layer in parts[:-1]:
        return "/".join(parts[parts.index(layer) + len(layer.split("/")) :])
    return name


def live_value(variable):
    """The value as a NumPy array."""
    keras = _module(variable)
    if hasattr(variable, "numpy") and getattr(keras, "executing_eagerly", lambda: True)():
        return np.array(variable.numpy())
    if hasattr(variable, "path"):
        return np.array(importlib.import_module("keras").ops.convert_to_numpy(variable))
    return np.array(_backend_of_session().get_value(variable))


def live_assign(variable, value):
    """Give a variable a value of its own shape; it is cast to the variable's dtype."""
    if hasattr(variable, "path") or getattr(_module(variable), "executing_eagerly", lambda: True)():
        variable.assign(value)
    else:
        _backend_of_session().set_value(variable, value)


def _module(variable):
    """TensorFlow, for one of its variables; None for a variable of Keras 3."""
    return None if hasattr(variable, "path") else importlib.import_module("tensorflow")


def _backend_of_session():
    return importlib.import_module("tensorflow").compat.v1.keras.backend


# -- layers: Which layer of the file is which layer of the model, and which weight inside it is which.

class Refused(Exception):
    """The file does not fit the model, or its parts could be confused; nothing was changed."""


def pairs_by_layers(held, weights, lives, model):
    """[(Weight, LiveWeight)] by the layers' names, or by their order where Keras made the names up. Raises Refused."""
    files, models = _grouped(weights, lambda w: _layer_of(w, lives)), _grouped(lives, lambda w: w.layer)
    files = {name: group for name, group in files.items() if _counts(group)}
    models = {name: group for name, group in models.items() if any(w.needed for w in group)}
    names = _pair_layers(files, models, held, made_up_names(model))
    return [pair for ours, theirs in names for pair in _inside(ours, files[ours], models[theirs], held)]


def _grouped(items, key):
    groups = collections.OrderedDict()
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _layer_of(weight, lives):
    """The name of the top-level layer of a file's weight; from the variable's name if the file does not state it."""
    if weight.layer:
        return weight.layer[0]
    known = {w.layer for w in lives}
    parts = (weight.name or weight.path).split("/")
    named = [part for part in parts[:-1] if part in known]
    return named[0] if named else ("" if len(parts) == 1 or "" in known else parts[0])


def _counts(group):
    """Whether a group of the file has a weight; the state of a random generator and a vocabulary are none."""
    return any("seed" not in w.path and w.value.dtype.kind in "fV" for w in group)


def _pair_layers(files, models, held, made_up):
    """[(layer of the file, layer of the model)]. Raises Refused if names and order leave it open."""
    if set(files) == set(models) or (held.may_lack and set(files) < set(models)):
        _check_layers(files, models, held, made_up)
        return [(name, name) for name in files]
    if not held.ordered:
        raise Refused("the layers of the file and of the model have other names, and %s" % _difference(files, models))
    if len(files) != len(models):
        raise Refused("the file has %d layers with weights, the model %d: %s"
                      % (len(files), len(models), _difference(files, models)))  # fmt: skip
    for ours, theirs in zip(files, models):
        if ours != theirs and not (_stem(ours) == _stem(theirs) and theirs in made_up):
            raise Refused(
                "the layer %r of the file would be %r of the model: %s" % (ours, theirs, _difference(files, models))
            )
        if sorted(_shapes(files[ours])) != sorted(_shapes(models[theirs])):
            raise Refused("the layer %r of the file has the shapes %s, %r of the model has %s"
                          % (ours, _shapes(files[ours]), theirs, _shapes(models[theirs])))  # fmt: skip
    return list(zip(files, models))


def _check_layers(files, models, held, made_up):
    """Equal names are not enough where Keras made them up: there, the order must agree too."""
    ours = [name for name in files if name in made_up]
    theirs = [name for name in models if name in ours]
    if held.ordered and ours != theirs:
        for one, other in zip(ours, theirs):
            if one != other and _stem(one) == _stem(other) and _shapes(files[one]) == _shapes(files[other]):
                raise Refused(
                    "the file has the layers %s in this order, the model has %s. The shapes are equal and the names "
                    "were made up by Keras, so the layers could be swapped" % (", ".join(ours), ", ".join(theirs))
                )


def _stem(name):
    return re.sub(r"_\d+$", "", name)


def made_up_names(model):
    """The names of layers that Keras made up: the class in snake case and a number. They identify nothing."""
    return {layer.name for layer in model.layers if _stem(layer.name) == archive_snake_case(type(layer).__name__)}


def _difference(files, models):
    ours, theirs = [n for n in files if n not in models], [n for n in models if n not in files]
    parts = ["only the file has " + ", ".join(map(repr, ours[:4]))] if ours else []
    parts += ["only the model has " + ", ".join(map(repr, theirs[:4]))] if theirs else []
    return "; ".join(parts) or "the names are the same"


def _shapes(group):
    values = [w.value if hasattr(w, "value") else w.variable for w in group if not _is_seed(w)]
    return [tuple(int(d) for d in v.shape) for v in values]


def _is_seed(weight):
    return "seed" in weight.path if hasattr(weight, "path") else not weight.needed


def _inside(layer, ours, theirs, held):
    """The pairs inside one layer: by name, and what is left by order if the shapes in order are equal."""
    tails = [tail_of(w.name or w.path, layer) for w in ours]
    by_tail = {w.tail: w for w in theirs if [t.tail for t in theirs].count(w.tail) == 1}
    pairs = [(w, by_tail[t]) for w, t in zip(ours, tails) if t in by_tail and tails.count(t) == 1]
    pairs = [(w, live) for w, live in pairs if weight_fits(w, live)]
    taken = {id(part) for pair in pairs for part in pair}
    left = [w for w in ours if id(w) not in taken], [w for w in theirs if id(w) not in taken]
    plain = [w for w in left[0] if not _is_seed(w)], [w for w in left[1] if w.needed]
    if _shapes(plain[0]) != _shapes(plain[1]) and held.may_lack and len(plain[0]) < len(plain[1]):
        return pairs  # by name alone: what is left of a damaged file says nothing about the order
    if _shapes(plain[0]) != _shapes(plain[1]):
        raise Refused(
            "in the layer %r, the file has %s and the model has %s"
            % (theirs[0].layer, _listed(plain[0], _shapes(plain[0])), _listed(plain[1], _shapes(plain[1])))
        )
    return pairs + list(zip(*plain))


def _listed(weights, shapes):
    names = [w.tail if hasattr(w, "tail") else w.name or w.path for w in weights]
    return ", ".join("%s %s" % pair for pair in zip(names, shapes)) or "nothing more"


def weight_fits(weight, live):
    return tuple(weight.value.shape) == tuple(int(d) for d in live.variable.shape)


# -- casting: A value of the file with the dtype that it has in the model.

def cast(value, like, path):
    """The value with the dtype of ``like``. Raises Refused where a number would change."""
    if value.dtype == like.dtype:
        return np.ascontiguousarray(value).reshape(like.shape)
    if value.dtype.kind == "V" and value.dtype.itemsize == like.dtype.itemsize:  # bfloat16, which NumPy does not know
        return value.view(like.dtype).reshape(like.shape)
    new = value.astype(like.dtype)
    if not np.array_equal(new.astype(value.dtype), value, equal_nan=value.dtype.kind == "f"):
        raise Refused(
            "%s is %s in the file and %s in the model: its value would change" % (path, value.dtype, like.dtype)
        )
    return new.reshape(like.shape)


# -- protobuf_fields: Protocol buffers read by field number, and the few messages of TensorFlow that a checkpoint and a SavedModel hold.

#: the fields of TrackableObjectGraph and SavedObjectGraph:
#: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/trackable_object_graph.proto
_GRAPH_NODES, _NODE_CHILDREN, _NODE_ATTRIBUTES, _NODE_SLOTS = 1, 1, 2, 3


class GraphNode(object):
    """A node of an object graph: ``children`` (name, id), ``attributes`` {name: (full name, key)}, ``slots``."""

    def __init__(self):
        self.children, self.attributes, self.slots = [], {}, []

    def child(self, name):
        """The id of the child, or None."""
        return dict(self.children).get(name)


def _protobuf_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _protobuf_steps(data):
    at = 0
    while at < len(data):
        tag, at = _protobuf_varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _protobuf_varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size, at = _protobuf_varint(data, at)
            if size is None or at + size > len(data):
                raise Unreadable("a protocol buffer ends in the middle of field %d" % number)
            value, at = data[at : at + size], at + size
        yield number, value


def protobuf_fields(data):
    """{number: list of values}: int for a varint, bytes for everything else."""
    fields = {}
    try:
        for number, value in _protobuf_steps(data):
            fields.setdefault(number, []).append(value)
    except IndexError as error:
        raise Unreadable("no protocol buffer: %s" % error) from error
    return fields


def protobuf_text(fields, number):
    """The string field, "" if it is not set."""
    return fields.get(number, [b""])[-1].decode("utf-8")


def _protobuf_number(fields, number):
    return fields.get(number, [0])[-1]


def object_graph_of_bytes(data):
    """List of GraphNode, from the bytes of a TrackableObjectGraph."""
    nodes = []
    for raw in protobuf_fields(data).get(_GRAPH_NODES, []):
        fields, node = protobuf_fields(raw), GraphNode()
        for child in map(protobuf_fields, fields.get(_NODE_CHILDREN, [])):
            node.children.append((protobuf_text(child, 2), _protobuf_number(child, 1)))
        for attribute in map(protobuf_fields, fields.get(_NODE_ATTRIBUTES, [])):
            names = protobuf_text(attribute, 2) or None, protobuf_text(attribute, 3)
            node.attributes[protobuf_text(attribute, 1)] = names
        for slot in map(protobuf_fields, fields.get(_NODE_SLOTS, [])):
            node.slots.append((_protobuf_number(slot, 1), protobuf_text(slot, 2), _protobuf_number(slot, 3)))
        nodes.append(node)
    return nodes


def root_metadata_of_saved_model(data):
    """The text of the root's Keras metadata in a saved_model.pb of TensorFlow before 2.5, or "".

    https://github.com/tensorflow/tensorflow/blob/v2.4.0/tensorflow/core/protobuf/saved_object_graph.proto
    """
    for meta_graph in protobuf_fields(data).get(2, []):
        for graph in protobuf_fields(meta_graph).get(7, []):
            root = protobuf_fields(protobuf_fields(graph).get(1, [b""])[0])
            for user_object in map(protobuf_fields, root.get(4, [])):
                return protobuf_text(user_object, 3)
    return ""


def root_metadata_of_keras(data):
    """The text of the root's metadata in a keras_metadata.pb, or "".

    https://github.com/keras-team/tf-keras/blob/master/tf_keras/protobuf/saved_metadata.proto
    """
    for node in map(protobuf_fields, protobuf_fields(data).get(1, [])):
        if protobuf_text(node, 3) == "root":
            return protobuf_text(node, 5)
    return ""


def variable_order(data):
    """{name: rank} of the variables, in the order of their creation, from the bytes of a MetaGraph.

    ``collection_def`` holds a VariableDef for each variable:
    https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
    """
    for entry in map(protobuf_fields, protobuf_fields(data).get(4, [])):
        if protobuf_text(entry, 1) == "variables":
            collection = protobuf_fields(entry[2][0])
            listed = [raw for part in collection.get(2, []) for raw in protobuf_fields(part).get(1, [])]
            names = [protobuf_text(protobuf_fields(raw), 1) for raw in listed]
            return {name.split(":")[0]: rank for rank, name in enumerate(names)}
    return {}


# -- object_graph: The object graph of a TensorFlow checkpoint: which variables are weights, which are the optimizer's, in which order.

VARIABLE_VALUE, OBJECT_CONFIG = "VARIABLE_VALUE", "OBJECT_CONFIG_JSON"
_OBJECT_KEY_ENDING, _OBJECT_SLOT_MARK = "/.ATTRIBUTES/", "/.OPTIMIZER_SLOT/"
#: children that only a node of an optimizer has, of the optimizers before 2.11, since, and of TensorFlow 1
_OPTIMIZER_CHILDREN = frozenset(["iter", "_iterations", "beta1_power", "base_optimizer"])
#: children that repeat, as lists, what other children hold by its place in the model
_REPEATING_CHILDREN = frozenset(
    "variables trainable_variables non_trainable_variables _all_variables _trainable_variables keras_api signatures "
    "regularization_losses _compiled_trainable_state _misc_assets".split()
)
#: sets of which a metric of Keras keeps one: https://keras.io/api/metrics/
_METRIC_VARIABLES = [{"total", "count"}, {"total_cm"}, {"squared_sum", "residual"}]
_METRIC_VARIABLES += [{kind} for kind in ("true_positives", "true_negatives", "false_positives", "false_negatives")]
#: variables that users hold beside the model, as TensorFlow's guides do, and those of Checkpoint and BackupAndRestore
_ROOT_COUNTER = re.compile("save_counter|train_counter|step|global_step|epoch|_?ckpt_saved_.*")

_LAYER_STEP = re.compile(r"layer(_with_weights)?-\d+$")


def natural_order(name):
    """A sort key that puts layer-10 after layer-9."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def graph_of_keys(keys):
    """The object graph as far as the keys tell it, for a checkpoint whose own graph cannot be read."""
    nodes, ids, slots = [GraphNode()], {(): 0}, []

    def node_at(path):
        if path not in ids:
            parent = node_at(path[:-1])
            ids[path] = len(nodes)
            nodes.append(GraphNode())
            nodes[parent].children.append((path[-1], ids[path]))
        return ids[path]

    for key in sorted(keys, key=natural_order):
        path, _, attribute = key.partition(_OBJECT_KEY_ENDING)
        weight, _, slot = path.partition(_OBJECT_SLOT_MARK)
        if slot:
            slots.append((tuple(weight.split("/")), tuple(slot.split("/")), key))
        elif attribute:
            nodes[node_at(tuple(path.split("/")))].attributes[attribute] = (None, key)
    for weight, slot, key in slots:
        nodes.append(GraphNode())
        nodes[-1].attributes[VARIABLE_VALUE] = (None, key)
        nodes[node_at(slot[:-1])].slots.append((node_at(weight), slot[-1], len(nodes) - 1))
    return nodes


def is_numbered_layer(path, at):
    """Whether the part is a layer that a functional model numbers: ``layer-1`` (Keras 2), ``_operations/1``."""
    return bool(_LAYER_STEP.match(path[at])) or (at > 0 and path[at - 1] == "_operations" and path[at].isdigit())


class ObjectGraph(object):
    """A walk through the nodes from the root.

    Attributes
    ----------
    weights : list of (path, node id), path is a tuple of names of children; in the order of the children, which is
        that of the layers in a functional model and that of the attributes in another
    optimizers : list of (path, node id)
    counters : {name: node id}, variables of the checkpoint's root that are no weights
    metrics : int, the number of metrics
    ordered : bool, whether the weights are known to be in the model's order
    """

    def __init__(self, nodes):
        self.nodes = nodes
        self.weights, self.optimizers, self.counters, self.metrics = [], [], {}, 0
        self._seen = set()
        self._walk((), 0)
        for path, optimizer in self.optimizers:  # where a graph made of keys has the weights of Keras 3
            self._walk_list(path + ("_trainable_variables",), optimizer)
        if not self.weights:  # what ``export`` of Keras writes: lists of variables, and no layers
            self._walk_list(("variables",), 0)
        self.ordered = self._order()

    def names(self, node):
        """(full name or None, key) of a variable's node, or None for another node."""
        return self.nodes[node].attributes.get(VARIABLE_VALUE)

    def _order(self):
        """Sort the weights by the root's own list, which a SavedModel has; whether the order is now the model's.

        Without that list, the numbers of the layers are known, and the order inside a layer only if one object in it
        holds all: the order of several, for example in a dict, is not that of the children.
        """
        listed = self.nodes[0].child("variables")
        if listed is not None:
            ranks = {node: rank for rank, (_, node) in enumerate(self.nodes[listed].children)}
            self.weights.sort(key=lambda weight: ranks.get(weight[1], len(ranks)))
            return True
        holders = {}
        for path, _ in self.weights:
            layer = max([at for at in range(len(path)) if is_numbered_layer(path, at)] or [-1])
            holders.setdefault(path[: layer + 1], set()).add(path[:-1])
        return () not in holders and all(len(parents) == 1 for parents in holders.values())

    def _walk_list(self, path, holder):
        listed = self.nodes[holder].child(path[-1])
        for name, child in self.nodes[listed].children if listed is not None else ():
            self._walk(path + (name,), child)

    def _walk(self, path, at):
        if at in self._seen:
            return
        self._seen.add(at)
        if self.names(at) is None:
            self._walk_object(path, at)
        elif len(path) == 1 and _ROOT_COUNTER.match(path[0]):
            self.counters[path[0]] = at
        else:
            self.weights.append((path, at))

    def _walk_object(self, path, at):
        children = dict(self.nodes[at].children)
        if path and self._is_optimizer(at, children):
            self.optimizers.append((path, at))
        elif self._is_metric(children):
            self.metrics += 1
        else:
            numbered = {child for name, child in children.items() if name.startswith("layer-")}
            for name, child in self.nodes[at].children:
                again = name.startswith("layer_with_weights-") and child in numbered
                if name not in _REPEATING_CHILDREN and not again:
                    self._walk(path + (name,), child)
            self.metrics += self._listed_metrics(children.get("keras_api"))

    def _is_optimizer(self, at, children):
        listed = {"iterations", "_variables"} <= set(children)  # Keras 3.0 to 3.7
        return bool(self.nodes[at].slots) or listed or not _OPTIMIZER_CHILDREN.isdisjoint(children)

    def _is_metric(self, children):
        variables = {name for name, child in children.items() if self.names(child) is not None}
        others = [name for name in children if name.startswith(("layer", "_operations", "_functional"))]
        return not others and any(kept <= variables for kept in _METRIC_VARIABLES)

    def _listed_metrics(self, keras_api):
        """Metrics of a SavedModel, which a list of its own holds: ``keras_api.metrics``."""
        listed = None if keras_api is None else self.nodes[keras_api].child("metrics")
        return 0 if listed is None else sum(m not in self._seen for _, m in self.nodes[listed].children)


# -- layer_names: The names of a weight's layer and of the models around it, from the model's config or the variable's name.

_LAYER_NUMBER = re.compile(r"layer-(\d+)$")


def layers_of_config(config):
    """List of (name, layers inside) of a functional or sequential model, as its checkpoint numbers them; else [].

    ``Sequential.layers`` is without the InputLayer, and the config may have it:
    https://github.com/keras-team/keras/blob/v2.10.0/keras/engine/sequential.py
    """
    inside = (config or {}).get("config")
    listed = inside.get("layers", []) if isinstance(inside, dict) else inside  # a list: Sequential before 2.3
    if not isinstance(listed, list):
        return []
    if config.get("class_name") == "Sequential":
        listed = [layer for layer in listed if layer.get("class_name") != "InputLayer"]
    return [(layer["config"].get("name", layer.get("name")), layers_of_config(layer)) for layer in listed]


def layers_of_path(path, name, layers):
    """The names of the layers on the path through the object graph, outermost first; without the model's own.

    ``path`` is a tuple of names of children, ``name`` the variable's name or None. The config knows better than the
    variable's name, but only a functional model has one that numbers its layers.
    """
    steps = [int(match.group(1)) for match in map(_LAYER_NUMBER.match, path) if match]
    known = []
    for step in steps:
        if step >= len(layers):
            break
        layer_name, layers = layers[step]
        known.append(layer_name)
    return tuple(known) if known and len(known) == len(steps) else _layers_from_name(path, name)


def layer_of_name(name):
    """All parts before the variable's own, for a checkpoint that states names only."""
    return tuple(name.split("/")[:-1])


def _layers_from_name(path, name):
    """The parts of the name above the layer's own attributes, if there are as many as the path has numbered layers.

    More of them leave open which is the model's own name, or whether a layer has a slash in its name.
    """
    places = [at for at, part in enumerate(path) if is_numbered_layer(path, at)]
    if not places:
        return ()
    inside = [part for part in path[places[-1] + 1 :] if not part.isdigit()]
    parts = (name or "").split("/")
    around = parts[: -len(inside)] or parts[:-1]  # a wrapper's weights may be named after the wrapper alone
    return tuple(around) if len(around) == len(places) else ()


# -- named_variables: A checkpoint that states names only: which of its variables an optimizer of Keras or of TensorFlow 1 made.

#: scalars that an optimizer keeps beside its slots; TensorFlow 1 numbers a repeated name
_NAMED_COUNTERS = re.compile(r"(beta[12]_power|global_step|iterations?|iter)(_\d+)?$")
_NAMED_HYPERPARAMETERS = re.compile(
    r"(lr|learning_rate|decay|rho|momentum|beta_1|beta_2|epsilon|momentum_cache|m_cache|current_loss_scale|good_steps)$"
)
#: the name scope in which Keras' graph mode makes what training needs
_TRAINING_SCOPE = re.compile(r"(^|/)training(_\d+)?/")


class NamedVariables(object):
    """Attributes: ``weights``, list of names; ``optimizer``, list of (name, slot or None, weight's name or None)."""

    def __init__(self, shapes, order):
        ranks = {name: rank for rank, name in enumerate(sorted(shapes, key=lambda n: rank_of_name(n, order)))}
        self._shapes = shapes
        self.weights, slots, others = [], [], []
        for name in sorted(shapes, key=ranks.get):
            slot, of = self._slot(name)
            if of is not None:
                slots.append((name, slot, of))
            elif self._is_optimizers(name):
                others.append((name, None, None))
            else:
                self.weights.append(name)
        counters = [o for o in others if _NAMED_COUNTERS.search(o[0])]
        self.optimizer = counters + slots + [o for o in others if o not in counters]

    def _slot(self, name):
        """(slot, weight) if the name is a weight's name with the slot behind it, perhaps with a scope before it."""
        parts = name.split("/")
        for start in range(len(parts) - 1):
            weight = "/".join(parts[start:-1])
            if weight in self._shapes and not self._is_optimizers(weight):
                return parts[-1], weight
        return None, None

    def _is_optimizers(self, name):
        scalar, last = len(self._shapes[name]) == 0, name.rsplit("/", 1)[-1]
        counts = _NAMED_COUNTERS.match(last) or ("/" in name and _NAMED_HYPERPARAMETERS.match(last))
        return bool(_TRAINING_SCOPE.search(name) or (scalar and counts))


def rank_of_name(name, order):
    """Sorts by the order of creation, and what it does not list by name."""
    return (order.get(name, len(order)), natural_order(name))


# -- slots: The names of an optimizer's variables: Keras versions give the same variable different names, or none.

#: a slot's other names -> its name in Keras 3
SLOTS = {
    "m": "momentum",  # Adam and its relatives; SGD since 2.11
    "v": "velocity",
    "vhat": "velocity_hat",
    "u": "norm",  # Adamax
    "rms": "velocity",  # RMSprop before 2.11
    "mg": "average_gradient",
    "accum_grad": "accumulated_grad",  # Adadelta before 2.11
    "accum_var": "accumulated_delta_var",
}
#: a variable of the whole optimizer: its other names -> its name in Keras 3
WHOLE = {
    "iter": "iteration",
    "iterations": "iteration",
    "current_loss_scale": "dynamic_scale",
    "good_steps": "step_counter",
}
#: more of them, which only this program compares: Keras 3's Nadam calls its running product "variable"
PRODUCT = {"momentum_cache": "u_product", "m_schedule": "u_product", "variable": "u_product"}
#: names without a weight: ``training/Adam/Variable_3``, and ``m_0`` of Keras 2.3; TensorFlow numbers a repeated name
NO_WEIGHT = re.compile(
    r"((.*/)?Variable|(training(_\d+)?/[^/]+/)?(m|v|vhat|u|moment|accumulator|delta_accumulator)_\d+)(_\d+)?$"
)
#: optimizer class -> the slots that TensorFlow 1.13 creates without names, in order, by their names in 1.14; each slot
#: is created for every trainable weight before the next one
NAMELESS = {
    "SGD": ("momentum",),
    "RMSprop": ("rms",),
    "Adagrad": ("accumulator",),
    "Adadelta": ("accum_grad", "accum_var"),
    "Adam": ("m", "v", "vhat"),
    "Adamax": ("m", "v"),
    "Nadam": ("m", "v"),
}
#: an attribute of a live optimizer that lists one variable for each trainable weight -> the slot, where the name of the
#: slot is not that of the attribute in the singular
LISTS = {
    "m": "momentum",
    "u": "norm",
    "v": "velocity",
    "velocities": "velocity",
    "adam_velocities": "velocity",
    "model_variables_moving_average": "average",
    "accumulated_gradients": "gradient_accumulator",
}
#: optimizers of Keras whose slots of these names hold sums of squares, or largest absolute values, never below zero
SQUARES = ("Adam", "AdamW", "Nadam", "Adamax", "Lamb", "RMSprop", "Adadelta", "Muon", "ScheduleFreeAdamW")
NEVER_NEGATIVE = ("velocity", "velocity_hat", "norm", "accumulated_grad", "accumulated_delta_var")


def slot_of_list(attribute):
    """The slot that an optimizer's attribute lists: ``_momentums`` is ``momentum``."""
    bare = attribute.lstrip("_")
    return LISTS.get(bare, bare[:-1] if bare.endswith("s") and len(bare) > 2 else bare)


def slot_named(slot, optimizer):
    """The name in Keras 3 of a slot. Before 2.11, Adamax calls its infinity norm ``v``, as Adam calls its velocity."""
    if slot == "v" and optimizer == "Adamax":
        return "norm"
    return SLOTS.get(slot, slot)


def split_name(name, weights, optimizer):
    """(slot, weight) of a variable's name; (name of the whole optimizer's variable, None) if no weight is named.

    Parameters
    ----------
    name : str, e.g. ``Adam/m/dense/kernel``
    weights : iterable of str, the names of the trainable weights: ``dense/kernel``
    optimizer : str, the optimizer's class
    """
    for weight in sorted(weights, key=len, reverse=True):
        stem = "[/_]".join(map(re.escape, weight.split("/")))
        match = re.match("(?:(.*)[/_])?%s(?:[/_](.*))?$" % stem, name)
        if match and (match.group(1) or match.group(2)):
            slot = match.group(2) or match.group(1).split("/")[-1]
            return slot_named(slot, optimizer), weight
    last = re.sub(r"(_\d+)?$", "", name.split("/")[-1]) if "variable" in name else name.split("/")[-1]
    return whole_named(last), None


def whole_named(name):
    """The name in Keras 3 of a variable of the whole optimizer. Of a second model in a session, it has a number."""
    unnumbered = re.sub(r"_\d+$", "", name)
    name = unnumbered if unnumbered in WHOLE else name
    return WHOLE.get(name, PRODUCT.get(name, name))


def nameless(name):
    """Whether a name does not say to which weight its variable belongs."""
    return name is None or NO_WEIGHT.match(name) is not None


def count_up(names):
    """Whether names without a weight are in the order of creation: in each slot, their numbers count up."""
    last = {}
    for name in names:
        stem, numbers = re.match(r"(.*?)((?:_\d+)*)$", name).groups()
        number = tuple(int(part) for part in numbers.split("_")[1:])
        if number <= last.get(stem, (-1,)) and stem in last:
            return False
        last[stem] = number
    return True


# -- optimizer_nodes: The variables of an optimizer in the object graph of a checkpoint, in the order of ``optimizer.variables``.

#: a variable of the optimizer as the graph states it; ``of`` is the key of the weight
StatedVariable = collections.namedtuple("StatedVariable", "key name slot of")

#: variables that lie before the slots; every other one beside the slots is a hyperparameter
_OPTIMIZER_COUNTERS = frozenset(["iter", "_iterations", "iterations", "beta1_power", "beta2_power"])


class OptimizerNodes(object):
    """Attributes: ``outer`` and ``inner``, lists of StatedVariable; ``inner`` is [] without a LossScaleOptimizer."""

    def __init__(self, graph, optimizer):
        self._graph, self._ranks = graph, {node: rank for rank, (_, node) in enumerate(graph.weights)}
        children = dict(graph.nodes[optimizer].children)
        scale, wrapped = children.get("loss_scale"), self._wrapped(children)
        own = self._variables(optimizer)
        if scale is not None:  # Keras 2
            self.outer, self.inner = self._hyperparameters(scale), own if wrapped is None else self._variables(wrapped)
        elif wrapped is not None:  # Keras 3
            self.outer, self.inner = own, self._variables(wrapped)
        else:
            self.outer, self.inner = own, []

    def _wrapped(self, children):
        """The optimizer in a LossScaleOptimizer, or None: Keras since 2.4 saves its children as the outer one's.

        https://github.com/keras-team/keras/blob/v2.10.0/keras/mixed_precision/loss_scale_optimizer.py
        """
        base = children.get("inner_optimizer", children.get("base_optimizer"))
        return base if base is not None and self._graph.nodes[base].children else None

    def _variables(self, optimizer):
        node = self._graph.nodes[optimizer]
        listed = node.child("_variables")
        slots = self._slots(node) if listed is None else self._listed(node, listed)
        keys = {stated.key for stated in slots}
        counters = [self._stated(c) for name, c in node.children if name in _OPTIMIZER_COUNTERS]
        counters = [stated for stated in counters if stated.key not in keys]
        keys.update(stated.key for stated in counters)
        return counters + slots + [stated for stated in self._hyperparameters(optimizer) if stated.key not in keys]

    def _hyperparameters(self, optimizer):
        """Every variable that is a direct child; its name is the child's."""
        children = [(name, self._key(child)) for name, child in self._graph.nodes[optimizer].children]
        return [StatedVariable(key, name.lstrip("_"), None, None) for name, key in children if key]

    def _slots(self, node):
        """In the order of creation: slot by slot, and in each the weights in the model's order."""
        kinds = list(collections.OrderedDict.fromkeys(slot for _, slot, _ in node.slots))
        last = len(self._ranks)
        ordered = sorted(node.slots, key=lambda s: (kinds.index(s[1]), self._ranks.get(s[0], last)))
        return [self._stated(c, slot, self._key(weight)) for weight, slot, c in ordered if self._graph.names(c)]

    def _listed(self, node, listed):
        slots = self._slot_lists(node)
        children = sorted(self._graph.nodes[listed].children, key=lambda c: natural_order(c[0]))
        return [self._stated(c, *slots.get(c, (None, None))) for _, c in children if self._graph.names(c)]

    def _slot_lists(self, node):
        """{node id: (slot, key of the weight)}, if the optimizer lists its trainable variables too: Keras 3."""
        trainable = node.child("_trainable_variables")
        if trainable is None:
            return {}
        weights = dict(self._graph.nodes[trainable].children)
        lists = [(name, c) for name, c in node.children if name not in ("_variables", "_trainable_variables")]
        return {
            variable: (slot_of_list(name), self._key(weights[index]))
            for name, c in lists
            for index, variable in self._graph.nodes[c].children
            if index in weights
        }

    def _key(self, node):
        names = self._graph.names(node)
        return None if names is None else names[1]

    def _stated(self, node, slot=None, of=None):
        full, key = self._graph.names(node)
        return StatedVariable(key, full, slot, of)


# -- checkpoint: A checkpoint of TensorFlow: of ``tf.train.Checkpoint``, Keras' weights or BackupAndRestore, or of a Saver.

OBJECT_GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
#: how an index and a checkpoint of Saver's first version end:
#: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/io/format.h
_CHECKPOINT_MAGIC = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
#: BackupAndRestore of Keras 2 counts in variables of its own
_FACT_NAMES = {"ckpt_saved_epoch": "epoch", "ckpt_saved_batch": "batch"}
_CHECKPOINT_DATA = re.compile(r"\.data-\d{5}-of-\d{5}$")


def is_checkpoint(path):
    """Whether the path is a checkpoint's prefix, its index, one of its data files, or a folder with a checkpoint."""
    try:
        return checkpoint_prefix(path) is not None
    except (OSError, ValueError, TypeError):
        return False


def checkpoint_prefix(path):
    """The prefix, or None. Of a folder, that of the newest checkpoint, as its file ``checkpoint`` names it."""
    path = os.fspath(path)
    if os.path.isdir(path):
        folder = path if not os.path.isdir(os.path.join(path, "chief")) else os.path.join(path, "chief")
        return _newest_checkpoint(folder)
    prefix = _CHECKPOINT_DATA.sub("", path[: -len(".index")] if path.endswith(".index") else path)
    files = (prefix + ".index", prefix)
    return prefix if any(_is_checkpoint_table(name) for name in files) else None


def _is_checkpoint_table(path):
    if not os.path.isfile(path) or os.path.getsize(path) < len(_CHECKPOINT_MAGIC):
        return False
    with open(path, "rb") as opened:
        opened.seek(-len(_CHECKPOINT_MAGIC), os.SEEK_END)
        return opened.read() == _CHECKPOINT_MAGIC


def _newest_checkpoint(folder):
    """A moved folder's file may name absolute paths of elsewhere: only the last part counts."""
    state = os.path.join(folder, "checkpoint")
    names = sorted(os.listdir(folder), key=natural_order, reverse=True)
    if os.path.isfile(state):
        with open(state, encoding="utf-8", errors="replace") as opened:
            stated = re.findall(r'^model_checkpoint_path:\s*"(.*)"', opened.read(), re.MULTILINE)
        names = [re.split(r"[/\\]", name)[-1] + ".index" for name in stated] + names
    prefixes = [os.path.join(folder, re.sub(r"\.index$", "", name)) for name in names if name != "checkpoint"]
    tables = [p for p in prefixes if _is_checkpoint_table(p + ".index") or _is_checkpoint_table(p)]
    return tables[0] if tables else None


def read_checkpoint(path, damaged=False):
    """Held, of the folder's newest checkpoint, or of the one that the path names."""
    prefix = checkpoint_prefix(path)
    if prefix is None:
        raise Unreadable("%s: no checkpoint of TensorFlow, or its index is cut off" % path)
    held, values = Held(os.fspath(path), "checkpoint"), CheckpointValues(prefix, damaged)
    order = {}
    if os.path.isfile(prefix + ".meta"):
        with open(prefix + ".meta", "rb") as opened:
            order = variable_order(opened.read())
    hold_checkpoint(held, values, order)
    return held


class CheckpointValues(object):
    """The values of a checkpoint by key, read one by one.

    Attributes: ``shapes`` {key: shape}, ``damage`` list of (key, reason).
    """

    def __init__(self, prefix, damaged):
        self._prefix, self._damaged, self.damage = prefix, damaged, []
        try:
            import tensorflow as tf
        except ImportError:
            raise Unreadable(
                "%s: TensorFlow reads its checkpoints; install it: pip install tensorflow-cpu" % prefix
            ) from None
        try:
            self._reader = tf.train.load_checkpoint(prefix)
            self.shapes = dict(self._reader.get_variable_to_shape_map())
        except Exception as error:  # TensorFlow's errors have no common class in all versions
            raise Unreadable("%s: the index: %s" % (prefix, error)) from error

    def read(self, key):
        """The value; None if it cannot be read and damage is allowed."""
        try:
            return self._reader.get_tensor(key)
        except Exception as error:
            if not self._damaged:
                raise Unreadable("%s: %s: %s" % (self._prefix, key, error)) from error
            self.damage.append((key, str(error)))
            return None


def hold_checkpoint(held, values, order):
    """Fill ``held`` with what the checkpoint has; ``order`` ranks names of variables: {} if nothing states it.

    Facts: "metrics" is their number, "epoch" and "batch" are BackupAndRestore's, "tables" has the keys and values of
    each lookup table, "optimizers" the paths of several optimizers, others are counters beside the model by their name.
    """
    if OBJECT_GRAPH_KEY in values.shapes:
        _hold_objects(held, values)
    else:
        _hold_names(held, values, order)
    held.damage += values.damage


def _hold_objects(held, values):
    raw = values.read(OBJECT_GRAPH_KEY)
    nodes = graph_of_keys(values.shapes) if raw is None else object_graph_of_bytes(raw)
    graph = ObjectGraph(nodes)
    if OBJECT_CONFIG in nodes[0].attributes and held.config is None:  # TensorFlow 1.13
        text = values.read(nodes[0].attributes[OBJECT_CONFIG][1])
        held.config = None if text is None else json.loads(text.decode("utf-8"))
    layers = layers_of_config(held.config)
    for path, node in graph.weights:
        name, key = graph.names(node)
        _add_weight(held.weights, values, Weight(key, name, layers_of_path(path, name, layers), None))
    held.ordered = graph.ordered and raw is not None
    for _, node in graph.optimizers:
        found = OptimizerNodes(graph, node)
        for target, listed in ((held.optimizer, found.outer), (held.inner, found.inner)):
            for stated in listed:
                value = values.read(stated.key)  # None keeps the place of a variable that cannot be read
                target.append(Variable(stated.key, stated.name, stated.slot, stated.of, value))
    _hold_facts(held, values, graph)


def _hold_facts(held, values, graph):
    held.facts["metrics"] = graph.metrics
    if len(graph.optimizers) > 1:
        held.facts["optimizers"] = ["/".join(path) for path, _ in graph.optimizers]
    for name, node in graph.counters.items():
        value = values.read(graph.names(node)[1])
        if value is not None:
            held.facts[_FACT_NAMES.get(name.lstrip("_"), name)] = value.tolist()
    for key in sorted(key[: -len("-keys")] for key in values.shapes if key.endswith("-keys")):
        keys, entries = values.read(key + "-keys"), values.read(key + "-values")
        held.facts.setdefault("tables", {})[key] = (keys, entries)


def _hold_names(held, values, order):
    named = NamedVariables(values.shapes, order)
    for name in named.weights:
        _add_weight(held.weights, values, Weight(name, name, layer_of_name(name), None))
    for name, slot, of in named.optimizer:
        held.optimizer.append(Variable(name, name, slot, of, values.read(name)))


def _add_weight(target, values, stated):
    value = values.read(stated.path)
    if value is not None:
        target.append(stated._replace(value=value))


# -- compiled: What a file states of the optimizer, in the words of the Keras that is to have it.

#: an argument's old name -> its present name
ARGUMENTS = {"lr": "learning_rate"}
#: arguments that say nothing of a step's result
WITHOUT_EFFECT = ("is_legacy_optimizer", "jit_compile", "name")
#: arguments that _rate makes a schedule of
IN_THE_RATE = ("decay", "schedule_decay")
#: arguments without effect if they are off
OFF = ("use_ema", "weight_decay", "amsgrad", "centered")
#: the decay that Keras before 2.11 states for Nadam is its momentum schedule's, which later versions have built in
NADAM_DECAY = 0.004


def stated_optimizer(held):
    """(class, config) of the file's optimizer; None if the file states none."""
    compiled = held.compiled or {}
    stated = compiled.get("optimizer_config") or compiled.get("optimizer")
    if isinstance(stated, str):
        return stated, {}
    if not isinstance(stated, dict) or not stated.get("class_name"):
        return None
    return bare_class(stated["class_name"]), dict(stated.get("config") or {})


def bare_class(name):
    """``Custom>Adam`` and ``keras.optimizers>Adam`` are ``Adam``; LossScaleOptimizerV3 is LossScaleOptimizer."""
    name = str(name).split(">")[-1]
    return "LossScaleOptimizer" if name.startswith("LossScaleOptimizer") else name


def inner_stated(stated):
    """(class, config) of the optimizer in a LossScaleOptimizer; ``stated`` itself for any other."""
    inner = stated and stated[1].get("inner_optimizer")
    return (bare_class(inner["class_name"]), dict(inner.get("config") or {})) if inner else stated


def make_optimizer(keras, stated, custom_objects, notes):
    """A new optimizer of this Keras with the file's class and arguments.

    Arguments that this Keras does not have are told in ``notes`` if they had an effect. Raises ValueError if it has no
    such class.
    """
    name, config = stated
    if name == "LossScaleOptimizer":
        inner = make_optimizer(keras, inner_stated(stated), custom_objects, notes)
        class_ = keras.optimizers.LossScaleOptimizer if is_keras3(keras) else keras.mixed_precision.LossScaleOptimizer
        own = {key: config[key] for key in ("initial_scale", "dynamic_growth_steps") if config.get(key) is not None}
        return class_(inner, **own)
    class_ = (custom_objects or {}).get(name) or getattr(keras.optimizers, name, None)
    if class_ is None:
        found = keras.optimizers.get({"class_name": name, "config": config})
        return found
    return class_(**arguments_for(class_, config, keras, custom_objects, notes))


def arguments_for(class_, config, keras, custom_objects, notes):
    """The file's arguments as the class takes them."""
    taken = taken_by(class_)
    given = {ARGUMENTS.get(key, key): as_written(value) for key, value in config.items()}
    given["learning_rate"] = _rate(given, class_.__name__, keras, custom_objects, notes)
    if given["learning_rate"] is None:
        del given["learning_rate"]
    if not given.get("use_ema"):
        given = {key: value for key, value in given.items() if not key.startswith("ema_")}
    unknown = sorted(key for key in given if key not in taken and key not in WITHOUT_EFFECT and given[key] is not None)
    for key in unknown:
        if key not in IN_THE_RATE and (given[key] or key not in OFF):
            notes.append("the optimizer's argument %s=%r: %s has no such argument" % (key, given[key], class_.__name__))
    return {key: value for key, value in given.items() if key in taken and not (value is None and key == "epsilon")}


def as_written(value):
    """0.85 for 0.8500000238418579: Keras before 2.11 states the float32 of what the code says."""
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value


def taken_by(class_):
    """The names of the arguments of a class and of its base classes that pass them on."""
    names = set()
    for base in class_.__mro__[:-1]:
        if "__init__" in vars(base):
            parameters = inspect.signature(base.__init__).parameters.values()
            names |= {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
            if not any(p.kind == p.VAR_KEYWORD for p in parameters):
                break
    return (names - {"self", "name"}) | {"name"}


def _rate(given, class_, keras, custom_objects, notes):
    """The learning rate: a number, or a schedule. An old ``decay`` is a schedule too."""
    rate, decay = given.get("learning_rate"), given.get("decay") or 0.0
    if isinstance(rate, dict):
        config = {key: value for key, value in (rate.get("config") or {}).items() if (key, value) != ("name", None)}
        inner = {"class_name": str(rate["class_name"]).split(">")[-1], "config": config}
        named = (custom_objects or {}).get(inner["class_name"])
        if named is not None:
            return named.from_config(inner["config"])
        return keras.optimizers.schedules.deserialize(inner, custom_objects=custom_objects)
    if class_ == "Nadam":
        decay = 0.0 if abs(decay - NADAM_DECAY) < 1e-6 else decay
    if decay and rate is not None:
        notes.append("decay=%r is now the schedule InverseTimeDecay, which computes the same rates" % decay)
        return keras.optimizers.schedules.InverseTimeDecay(rate, 1, decay)
    return rate


def differing_arguments(optimizer, wanted):
    """["learning_rate: 0.001, the file says 0.01"]: where two optimizers of this Keras differ in class or arguments."""
    if type(optimizer).__name__ != type(wanted).__name__:
        return ["the class: %s, the file says %s" % (type(optimizer).__name__, type(wanted).__name__)]
    own, other = _plain(optimizer.get_config()), _plain(wanted.get_config())
    keys = [key for key in other if key in own and key not in WITHOUT_EFFECT and own[key] != other[key]]
    if not other.get("use_ema"):
        keys = [key for key in keys if not key.startswith("ema_")]
    return ["%s: %r, the file says %r" % (key, own.get(key), other[key]) for key in sorted(keys)]


def _plain(value):
    """Numbers as float32, which computations use; containers as plain ones."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key not in ("module", "registered_name")}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (int, float, np.generic)) and not isinstance(value, bool):
        return float(np.float32(value))
    return value


# -- losses: The losses and metrics that a file states, in the words of the Keras that is to have them.

#: what ``compile`` itself makes a metric of, by the shape of the outputs
BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def states_compile(held):
    """Whether the file states a loss or metrics."""
    return bool(held.compiled) and bool({"loss", "metrics"} & set(held.compiled))


def compile_arguments(held, keras, custom_objects, notes):
    """The arguments of ``compile`` beside the optimizer, as this Keras takes them; None if the file states none.

    A metric that this Keras does not know is left out, and told in ``notes``: it changes no weight. Raises Refused for
    such a loss.
    """
    stated = held.compiled
    if not states_compile(held):
        return None
    objects = dict(custom_objects or {})
    arguments = {"loss": _each(stated.get("loss"), lambda leaf: _loss(leaf, keras, objects))}
    for key in ("metrics", "weighted_metrics"):
        if stated.get(key):
            listed = _each(stated[key], lambda leaf: _known_metric(leaf, (keras, objects, _outputs(held)), notes))
            nested = isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], list)
            arguments[key] = listed[0] if nested else listed
    for key in ("loss_weights", "run_eagerly", "steps_per_execution", "jit_compile"):
        if stated.get(key):
            arguments[key] = stated[key]
    return arguments


def _each(value, make):
    """A structure of losses or metrics with ``make`` applied to each leaf; in lists, without what it makes None of."""
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _each(inner, make) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        made = [(inner, _each(inner, make)) for inner in value]
        return [one for inner, one in made if inner is None or one is not None]
    return value if value is None else make(value)


def _loss(leaf, keras, objects):
    try:
        return _made(leaf, keras.losses, objects)
    except (AttributeError, ValueError, TypeError) as error:
        raise Refused(
            "the loss %s is none of Keras': give it in custom_objects, or compile the model first" % _name(leaf)
        ) from error


def _outputs(held):
    """The names of the outputs of a functional model that has several: Keras 2 puts them before metrics' names."""
    config = (held.config or {}).get("config")  # a list: Sequential before 2.3
    layers = config.get("output_layers") if isinstance(config, dict) else None
    names = [layer[0] for layer in layers or () if isinstance(layer, list) and layer]
    return names if len(names) > 1 else []


def _known_metric(leaf, context, notes):
    """The metric; None, and a note, if this Keras has none of its name. ``context`` is what _metric takes."""
    try:
        return _metric(leaf, *context)
    except (AttributeError, ValueError, TypeError):
        notes.append("the metric %s is none of Keras': compiled without it, unless custom_objects has it" % _name(leaf))
        return None


def _name(leaf):
    """The name of a stated loss or metric: its own if it has one, else its class or function."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    named = config.get("name") or leaf["class_name"] if isinstance(config, dict) else config
    return repr(named)


def _metric(leaf, keras, objects, outputs):
    if not isinstance(leaf, dict) or bare_class(leaf["class_name"]) != "MeanMetricWrapper":
        return _made(leaf, keras.metrics, objects)
    config = leaf["config"]
    function = config["fn"]["config"] if isinstance(config["fn"], dict) else config["fn"]
    before = [name + "_" for name in outputs if config["name"].startswith(name + "_")] if is_keras3(keras) else []
    name = config["name"][len(max(before, key=len, default="")) :]
    return keras.metrics.MeanMetricWrapper(_function(function, keras.metrics, objects), name=name)


def _made(leaf, module, objects):
    """A loss or metric of a module from its config. Only arguments that its class has are given to it."""
    config = leaf.get("config") if isinstance(leaf, dict) else leaf
    if not isinstance(config, dict):
        return _of_name(config, module, objects)
    name = bare_class(leaf["class_name"])
    class_ = objects.get(name) or objects.get(leaf["class_name"]) or getattr(module, name)
    taken = taken_by(class_)
    given = {key: value for key, value in config.items() if key in taken and value is not None}
    if given.get("reduction") == "auto":
        given["reduction"] = "sum_over_batch_size"
    return class_(**given) if "from_config" not in vars(class_) else class_.from_config(given)


def _of_name(name, module, objects):
    """The custom object, or the name itself if Keras knows it. Raises ValueError if it does not."""
    if isinstance(name, str) and name not in BY_SHAPE + tuple(objects):
        _function(name, module, objects)
    return objects.get(name, name)


def _function(name, module, objects):
    """The function of this name. Keras 2 gives a name that it does not know back, and raises in the first step."""
    function = objects.get(name) or getattr(module, str(name), None) or module.get(name)
    if isinstance(function, str):
        raise ValueError("%s has no %s" % (module.__name__, name))
    return function


# -- hdf5: Whole models in HDF5, and weights in the layout before that of ``.weights.h5``: every Keras since 1.0 writes them.

def is_hdf5(path):
    """Whether the path is an HDF5 file with weights in the groups of their layers."""
    try:
        with h5py.File(path, "r") as file:
            return "layer_names" in _hdf5_weights(file).attrs or "layer_names0" in _hdf5_weights(file).attrs
    except (OSError, KeyError, AttributeError):
        return False


def read_hdf5(path, damaged=False):
    """The contents of such a file. Raises Unreadable, unless ``damaged``: then what cannot be read is listed."""
    held = Held(path, "HDF5 file of a whole model")
    file = _hdf5_open(path)
    with file:
        reading = _Reading(held, damaged)
        group = _hdf5_weights(file)
        if group is file:
            held.kind = "HDF5 file of weights"
        held.keras = hdf5_text(group.attrs.get("keras_version", file.attrs.get("keras_version"))) or None
        held.config = reading.json(file, "model_config")
        held.compiled = reading.json(file, "training_config")
        held.ordered = True
        for layer in hdf5_names(group, "layer_names"):
            reading.weights(group, layer, (layer,))
        if "top_level_model_weights" in group:
            reading.weights(group, "top_level_model_weights", ())
        if "optimizer_weights" in file:
            reading.optimizer(file["optimizer_weights"])
    return held


def _hdf5_open(path):
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise Unreadable("%s cannot be opened as HDF5: %s" % (path, error)) from error


def _hdf5_weights(file):
    return file["model_weights"] if "model_weights" in file else file


class _Reading(object):
    """Reads the parts of one file into ``held``; a part that cannot be read is an error, or a line of ``damage``."""

    def __init__(self, held, damaged):
        self.held, self.damaged = held, damaged

    def part(self, name, read):
        """The result of ``read()``; None if it fails and the file may be damaged."""
        try:
            return read()
        except (OSError, KeyError, ValueError, RuntimeError, AttributeError) as error:
            reason = "%s: %s" % (type(error).__name__, error)
            if not self.damaged:
                raise Unreadable("%s of %s cannot be read: %s" % (name, self.held.source, reason)) from error
            self.held.damage.append((name, reason))

    def json(self, file, name):
        if name not in file.attrs:
            return None
        return self.part(name, lambda: json.loads(hdf5_text(file.attrs[name])))

    def weights(self, group, layer, layers):
        names = self.part(layer, lambda: hdf5_names(group[layer], "weight_names")) or []
        for name in names:
            path = "%s/%s" % (layer, name)
            value = self.part(path, functools.partial(_hdf5_value, group, layer, name))
            if value is not None:
                self.held.weights.append(Weight(path, hdf5_plain(name), layers, value))

    def optimizer(self, group):
        """The optimizer's variables in their order. A name that stands twice has one value for both: it is left out."""
        names = self.part("optimizer_weights", lambda: hdf5_names(group, "weight_names")) or []
        for name in names:
            path = "optimizer_weights/" + name
            if names.count(name) > 1:
                reason = "%d variables have this name, and the file holds one value" % names.count(name)
                self.held.optimizer.append(Variable(path, None, None, None, None))
                self.held.damage += [(path, reason)] * (path not in dict(self.held.damage))
                continue
            value = self.part(path, functools.partial(_hdf5_value, group, name))
            self.held.optimizer.append(Variable(path, hdf5_plain(name), None, None, value))


def _hdf5_value(group, *path):
    for name in path:
        group = group[name]
    return np.array(group)


def hdf5_names(group, attribute):
    """A list of names in an attribute; a long one is split over attribute0, attribute1, ..."""
    if attribute in group.attrs:
        return [hdf5_text(name) for name in group.attrs[attribute]]
    parts, names = 0, []
    while attribute + str(parts) in group.attrs:
        names += [hdf5_text(name) for name in group.attrs[attribute + str(parts)]]
        parts += 1
    return names


def hdf5_text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def hdf5_plain(name):
    """A variable's name without TensorFlow's ``:0``."""
    return name[:-2] if name.endswith(":0") else name


# -- orbax_state: Reader of what Keras 3's OrbaxCheckpoint writes; it needs ``orbax-checkpoint``.

#: a file that Orbax writes into the folder of each step
ORBAX_MARK = "_CHECKPOINT_METADATA"


def is_orbax(path):
    """Whether Keras' OrbaxCheckpoint wrote this folder: one step, or the folder of all steps."""
    try:
        return _orbax_step(str(path)) is not None
    except OSError:
        return False


def _orbax_step(path):
    """The folder of the newest finished step; None if there is none. Orbax does not rename an unfinished one."""
    if not os.path.isdir(path):
        return None
    steps = sorted((name for name in os.listdir(path) if name.isdigit()), key=int, reverse=True)
    folders = [path] + [os.path.join(path, name) for name in steps]
    whole = [f for f in folders if os.path.exists(os.path.join(f, ORBAX_MARK)) and os.path.isdir(f + "/pytree")]
    return whole[0] if whole else None


def read_orbax(path, damaged=False):
    """Read the newest step."""
    step = _orbax_step(str(path))
    held = Held(str(path), "Orbax")
    if step is None:
        raise Unreadable("%s: OrbaxCheckpoint did not write it" % path)
    if os.path.basename(step).isdigit():
        held.facts["step"] = int(os.path.basename(step))
    config = json.loads(_part(step, "model_config", held, damaged).get("config") or "{}")
    held.compiled = config.get("compile_config")
    held.config = {key: config[key] for key in ("class_name", "config") if key in config} or None
    _sort_leaves(list(_leaves(_part(step, "pytree", held, damaged), "")), held)
    for name, value in _leaves(_part(step, "assets", held, damaged), "assets/"):
        words = np.asarray(value).astype(np.uint8).tobytes().decode("utf-8", "replace").split("\n")
        held.weights.append(Weight(name, None, (), np.array(words)))
    return held


def _part(step, name, held, damaged):
    """One part of a step as nested dicts; {} if it is not there, or cannot be read."""
    if not os.path.isdir(os.path.join(step, name)):
        return {}
    try:
        import orbax.checkpoint
    except ImportError as error:
        raise Unreadable("%s: orbax-checkpoint reads it, and is not installed (%s)" % (step, error)) from error
    try:
        return orbax.checkpoint.v1.load_checkpointables(os.path.abspath(step), {name: None})[name]
    except Exception as error:  # Orbax, TensorStore and JAX have errors of their own
        archive_problem(held, damaged, name, "%s: %s" % (type(error).__name__, error))
        return {}


def _leaves(tree, prefix):
    for key in sorted(tree, key=archive_natural):
        if isinstance(tree[key], dict):
            for found in _leaves(tree[key], prefix + key + "/"):
                yield found
        else:
            yield prefix + key, np.asarray(tree[key])


def _sort_leaves(leaves, held):
    config = (held.config or {}).get("config")
    model = config.get("name") if isinstance(config, dict) else None
    for path, value in leaves:
        kind, _, name = path.partition("/")
        if kind == "optimizer_variables":
            held.optimizer.append(Variable(path, name, None, None, value))
        elif kind != "metrics_variables":
            layer = tuple(name.split("/")[:-1])
            held.weights.append(Weight(path, name, layer[1:] if layer[:1] == (model,) else layer, value))
    held.facts["metrics"] = sum(path.startswith("metrics_variables/") for path, _ in leaves)


# -- saved_model: A SavedModel of Keras: its variables, and the model's config and compile arguments where the folder has them.

_MODEL_JSON = os.path.join("assets", "saved_model.json")
_VARIABLES_PREFIX = os.path.join("variables", "variables")


def is_saved_model(path):
    """Whether the path is a SavedModel's folder, or the folder of time stamps of TensorFlow 1.13 with one inside."""
    try:
        return _saved_model_folder(path) is not None
    except (OSError, ValueError, TypeError):
        return False


def _saved_model_folder(path):
    path = os.fspath(path)
    if os.path.basename(path) == "saved_model.pb":
        path = os.path.dirname(path) or "."
    stamps = sorted((name for name in os.listdir(path) if name.isdigit()), key=int, reverse=True)
    for folder in [path] + [os.path.join(path, stamp) for stamp in stamps]:
        if os.path.isfile(os.path.join(folder, "saved_model.pb")):
            return folder
    return None


def read_saved_model(path, damaged=False):
    """Held, with the config if Keras wrote the folder by ``save``; of ``export``, the variables alone."""
    if not is_saved_model(path):
        raise Unreadable("%s: no SavedModel" % path)
    folder, held, order = _saved_model_folder(path), Held(os.fspath(path), "SavedModel"), {}
    for part, hold in _HOLDERS.items():
        try:
            order.update(_read_saved_part(held, os.path.join(folder, part), hold) or {})
        except (Unreadable, ValueError, KeyError, OSError) as error:
            if not damaged:
                raise Unreadable("%s: %s: %s" % (path, part, error)) from error
            held.damage.append((part, str(error)))
    if not os.path.isfile(os.path.join(folder, _VARIABLES_PREFIX + ".index")):
        raise Unreadable("%s: no %s.index: a SavedModel without variables" % (path, _VARIABLES_PREFIX))
    hold_checkpoint(held, CheckpointValues(os.path.join(folder, _VARIABLES_PREFIX), damaged), order)
    return held


def _read_saved_part(held, path, hold):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as opened:
        return hold(held, opened.read())


def _hold_program(held, data):
    """Keras' metadata of TensorFlow before 2.5; {name: rank} of the variables of a graph of TensorFlow 1."""
    _hold_text(held, root_metadata_of_saved_model(data))
    meta_graph = protobuf_fields(data)[2][0]
    information = protobuf_fields(protobuf_fields(meta_graph).get(1, [b""])[0])
    held.facts["tensorflow"] = protobuf_text(information, 5)
    return variable_order(meta_graph)


def _hold_metadata(held, data):
    _hold_text(held, root_metadata_of_keras(data))


def _hold_json(held, data):
    stated = json.loads(data.decode("utf-8"))
    held.keras = stated.get("keras_version")
    held.config = {key: stated[key] for key in ("class_name", "config")}


def _hold_text(held, text):
    stated = json.loads(text) if text else {}
    if "keras_version" not in stated:  # the metadata of a module that Keras did not make
        return
    held.keras, held.compiled = stated["keras_version"], stated.get("training_config")
    held.config = stated.get("model_config") or held.config


#: what each file of the folder says beside the values of the variables
_HOLDERS = collections.OrderedDict(
    [("saved_model.pb", _hold_program), ("keras_metadata.pb", _hold_metadata), (_MODEL_JSON, _hold_json)]
)


# -- reading: Finds the reader of a file by its contents.

#: (whether a path is of the kind, its reader)
READERS = [
    (is_hdf5, read_hdf5),
    (is_archive, read_archive),
    (is_orbax, read_orbax),
    (is_saved_model, read_saved_model),
    (is_checkpoint, read_checkpoint),
]


def read_held(path, damaged=False):
    """The contents of a file or folder. Raises Unreadable."""
    for fits, read in READERS:
        if fits(path):
            held = read(path, damaged)
            held.may_lack = damaged
            return held
    if not os.path.exists(path) and not os.path.exists(path + ".index"):
        raise Unreadable("%s: there is no such file or folder" % path)
    raise Unreadable(
        "%s is none of these: an HDF5 file of Keras, a .keras archive, .weights.h5 or .weights.json, a TensorFlow "
        "checkpoint, a SavedModel, an Orbax folder" % path
    )


# -- flags: Which layers the file says are trainable.

def differing_flags(model, config):
    """[(layer, flag)]: the layers of a live model whose flag is not the one of the file's config.

    Only layers without layers of their own: their flags make up those of the models around them.
    """
    inner = (config or {}).get("config")
    listed = inner.get("layers", []) if isinstance(inner, dict) else inner if isinstance(inner, list) else []
    layers = {layer.name: layer for layer in model.layers}
    found = []
    for stated in listed:
        own = stated.get("config") if isinstance(stated, dict) else None
        layer = layers.get(own.get("name")) if isinstance(own, dict) else None
        if layer is None:
            continue
        if "layers" in own and hasattr(layer, "layers"):
            found += differing_flags(layer, stated)
        elif isinstance(own.get("trainable"), bool) and layer.weights and bool(layer.trainable) != own["trainable"]:
            found.append((layer, own["trainable"]))
    return found


# -- live_optimizer: A live optimizer: its variables by slot, and their creation.

#: a variable of a live optimizer
#:
#: slot : str, "momentum", or "iteration" for a variable of the whole optimizer
#: weight : int or None, the position of its weight among the optimizer's trainable weights
#: depth : int, 0; 1 for the optimizer inside a LossScaleOptimizer
LiveSlot = collections.namedtuple("LiveSlot", "slot weight depth variable")


def compiled_optimizer(model):
    """The optimizer of a compiled model, or None.

    Keras 2's load_model of a SavedModel with compile=False sets an optimizer too, with which nothing can be trained.
    """
    compiled = getattr(model, "compiled", getattr(model, "_is_compiled", True))
    return getattr(model, "optimizer", None) if compiled else None


def usable_optimizer(model):
    """The optimizer of a compiled model, with its variables created; None if the model is not compiled.

    Keras 3's load_model of an HDF5 file marks an optimizer without slots as built, so that training raises; and one
    that was built before weights were frozen has slots for others. Then a new one with its arguments takes its place.
    """
    optimizer, weights = compiled_optimizer(model), model.trainable_weights
    if optimizer is None:
        return None
    create_slots(optimizer, weights)
    own = getattr(inner_of(optimizer) or optimizer, "_trainable_variables", None)
    if own is not None and [id(v) for v in own] != [id(v) for v in weights]:
        optimizer = type(optimizer).from_config(optimizer.get_config())
        create_slots(optimizer, weights)
    return optimizer


def give_optimizer(model, optimizer):
    """Let another optimizer take the place of a compiled model's. Compiling again would replace its metrics too.

    A later ``save`` writes the arguments that ``compile`` got, so they have to name the new optimizer.
    """
    model.optimizer = optimizer
    arguments = getattr(getattr(model, "_compile_config", None), "config", None)
    if isinstance(arguments, dict) and "optimizer" in arguments:
        arguments["optimizer"] = optimizer
    for function in ("train_function", "_train_function"):
        if getattr(model, function, None) is not None:
            setattr(model, function, None)


def create_slots(optimizer, weights):
    """Create the optimizer's variables, as the first step of training does."""
    if hasattr(type(optimizer), "build"):
        if not getattr(optimizer, "built", False) and not getattr(optimizer, "_built", False):
            optimizer.build(weights)
    elif inner_of(optimizer) is not None:
        create_slots(inner_of(optimizer), weights)
    elif hasattr(optimizer, "_create_all_weights"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer._create_all_weights(weights)
    elif hasattr(optimizer, "_create_slots"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer.iterations  # noqa: B018 - creates the counter
            getattr(optimizer, "_create_hypers", list)()
            optimizer._create_slots(weights)


def inner_of(optimizer):
    """The optimizer inside a LossScaleOptimizer, or None."""
    return getattr(optimizer, "inner_optimizer", None) or getattr(optimizer, "_optimizer", None)


def live_slots(optimizer, weights, depth=0):
    """[LiveSlot] of an optimizer in the order of its variables, those of an inner one included."""
    if inner_of(optimizer) is None and hasattr(optimizer, "get_slot_names"):
        found = _slots_before_2_11(optimizer, weights, depth)
    else:
        found = _slots_by_attribute(optimizer, weights, depth)
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    order = {id(v): place for place, v in enumerate(variables)}
    inner = inner_of(optimizer)
    nested = live_slots(inner, weights, depth + 1) if inner is not None else []
    taken = {id(slot.variable) for slot in nested}
    found = [slot for slot in found if id(slot.variable) not in taken] + _loss_scale(optimizer, depth) + nested
    return sorted(found, key=lambda slot: order.get(id(slot.variable), len(order)))


def _loss_scale(optimizer, depth):
    """Keras 2's LossScaleOptimizer keeps its scale and its counter in an object of its own."""
    kept = getattr(getattr(optimizer, "_loss_scale", None), "_weights", None)
    listed = sorted(kept.items(), key=str) if isinstance(kept, dict) else []  # {(name, graph): variable}
    return [LiveSlot(whole_named(key[0]), None, depth, variable) for key, variable in listed]


def _slots_before_2_11(optimizer, weights, depth):
    """An OptimizerV2 names its slots, and gives the variable of each."""
    slots = [
        LiveSlot(slot_named(name, type(optimizer).__name__), place, depth, optimizer.get_slot(weight, name))
        for name in optimizer.get_slot_names()
        for place, weight in enumerate(weights)
    ]
    listed = {id(slot.variable) for slot in slots}
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    whole = [v for v in variables if id(v) not in listed]
    return slots + [LiveSlot(whole_named(live_name(v).split("/")[-1]), None, depth, v) for v in whole]


def _slots_by_attribute(optimizer, weights, depth):
    """Optimizers since 2.11 keep a slot as an attribute, a list with one variable for each trainable weight."""
    found, skipped = [], ("_variables", "_trainable_variables", "_inner_optimizer", "inner_optimizer", "_optimizer")
    for attribute, value in vars(optimizer).items():
        if attribute in skipped or attribute.startswith("_self_"):
            continue
        if _is_variable(value):
            found.append(LiveSlot(whole_named(attribute.lstrip("_")), None, depth, value))
        elif isinstance(value, (list, tuple)) and len(value) == len(weights):
            slot = slot_of_list(attribute)
            found += [LiveSlot(slot, place, depth, v) for place, v in enumerate(value) if _is_variable(v)]
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    listed = {id(v) for v in variables}
    untracked = ("u_product", "learning_rate")  # Keras 2 reads them in each step and lists them nowhere
    return [s for s in found if id(s.variable) in listed or s.slot in untracked]


def _is_variable(value):
    return hasattr(value, "assign") and hasattr(value, "shape") and not callable(getattr(value, "from_config", None))


# -- structure: The paths that Keras' saving library gives to the variables of a live model.

#: the packages whose base classes count
STRUCTURE_PACKAGES = ("keras", "tf_keras", "tensorflow")

#: the base classes that Keras 2's library saves
STRUCTURE_KERAS2_BASES = ("Layer", "Optimizer", "Metric", "Loss")

#: the base classes of Keras 3, the most special first, and the arguments that make an instance of each
STRUCTURE_KERAS3_BASES = collections.OrderedDict(
    [
        ("Functional", None),
        ("Sequential", None),
        ("Layer", ()),
        ("Metric", ()),
        ("Optimizer", (1.0,)),
        ("Loss", ()),
        ("Operation", ()),
    ]
)

#: what a model of Keras 3 has beside the attributes of a layer, and is not walked
STRUCTURE_MODEL_SKIPS = {"Functional": ("operations", "_operations"), "Sequential": ("_functional",)}

#: attributes that Keras 2 does not walk:
#: https://github.com/keras-team/tf-keras/blob/v2.18.0/tf_keras/saving/saving_lib.py#L60
STRUCTURE_KERAS2_SKIPS = frozenset(
    """
    _callable_losses _captured_weight_regularizer _checkpoint_dependencies _layer_checkpoint_dependencies
    _deferred_dependencies _eager_losses _inbound_nodes _inbound_nodes_value _output_layers _input_layers
    _keras_api_names _keras_api_names_v1 _name_based_restores _outbound_nodes _outbound_nodes_value
    _saved_model_arg_spec _self_name_based_restores _self_saveable_object_factories _self_tracked_trackables
    _saved_model_inputs_spec _self_unconditional_checkpoint_dependencies _self_unconditional_deferred_dependencies
    _self_unconditional_dependency_names _tf_api_names _tf_api_names_v1 _trainable_weights _non_trainable_weights
    _unconditional_checkpoint_dependencies _unconditional_dependency_names _updates _layer_call_argspecs
    inbound_nodes outbound_nodes input_shape output_shape submodules weights non_trainable_weights
    trainable_weights variables non_trainable_variables trainable_variables updates state_updates
    """.split()
)


def structural_paths(model, nested=True):
    """{path in the file of Keras' saving library: live variable}: ``layers/dense_1/vars/0``, ``optimizer/vars/3``.

    A path whose value the library computes (a kernel merged with its LoRA matrices) is not among them.

    Parameters
    ----------
    nested : bool
        Whether lists in lists are walked, as in Keras 3.15; before, the library passed over the layers in them:
        https://github.com/keras-team/keras/pull/22362
    """
    paths = collections.OrderedDict()
    for path, thing in structural_objects(model, nested).items():
        for key, variable in _own_variables(thing):
            paths["/".join(filter(None, [path, "vars", key]))] = variable
    return paths


def structural_objects(model, nested=True):
    """{path: live object} of all layers, optimizers and metrics in the library's order; the model has the path ""."""
    walk = _Walk(_is_keras3(model), nested)
    walk.add(model, "")
    return walk.objects


class _Walk(object):
    """The walk through the attributes of a model, which visits each object once."""

    def __init__(self, keras3, nested):
        self.keras3, self.nested = keras3, keras3 and nested
        self.objects, self.visited, self.skips = collections.OrderedDict(), set(), {}

    def add(self, thing, path):
        if id(thing) in self.visited:
            return
        self.visited.add(id(thing))
        self.objects[path] = thing
        for name, value in self._keras3_attributes(thing) if self.keras3 else self._keras2_attributes(thing):
            place = path + "/" + name if path else name
            if self._is_saved(value):
                self.add(value, place)
            elif isinstance(value, (list, dict, tuple) if self.nested else (list, dict, tuple, set)):
                self._add_items(value, place, set())

    def _add_items(self, items, path, seen):
        """The objects in a list, by their class and a counter. Keras 2 does not count what it has visited before."""
        if id(items) in seen:
            return
        seen.add(id(items))
        count = collections.Counter()
        for item in list(items.values()) if isinstance(items, dict) else list(items):
            saved = self._is_saved(item)
            if saved and not self.keras3 and id(item) in self.visited:
                continue
            if saved or (self.nested and isinstance(item, (list, dict, tuple))):
                kind = archive_snake_case(item.__class__.__name__) if saved else "container"
                place = path + "/" + ("%s_%d" % (kind, count[kind]) if count[kind] else kind)
                count[kind] += 1
                self.add(item, place) if saved else self._add_items(item, place, seen)

    def _is_saved(self, value):
        if self.keras3:
            return _is_keras3(value)
        return any(base.__name__ in STRUCTURE_KERAS2_BASES for base in _keras_bases(value))

    def _keras2_attributes(self, thing):
        """Keras 2.13 and later walk backwards through the alphabet, so that private attributes come last."""
        return _attributes(thing, sorted(dir(thing), reverse=True), STRUCTURE_KERAS2_SKIPS)

    def _keras3_attributes(self, thing):
        bases = {base.__name__: base for base in _keras_bases(thing)}
        kind = next((name for name in STRUCTURE_KERAS3_BASES if name in bases), None)
        if kind in STRUCTURE_MODEL_SKIPS:
            yield "layers", thing.layers
        names = sorted(dir(thing), key=lambda name: "~" + name if name.startswith("_") else name)
        for found in _attributes(thing, names, self._keras3_skips(kind, bases)):
            yield found

    def _keras3_skips(self, kind, bases):
        """The attributes of an empty object of the base class, as in Keras 3."""
        if kind not in self.skips:
            base = "Layer" if kind in STRUCTURE_MODEL_SKIPS else kind
            skips = set(dir(bases[base](*STRUCTURE_KERAS3_BASES[base]))) if base else set()
            skips.update(STRUCTURE_MODEL_SKIPS.get(kind, ()), ["_self_unconditional_dependency_names"])
            self.skips[kind] = skips - {"variables"} if kind == "Optimizer" else skips
        compiled = bases.get("CompileMetrics")
        return self.skips[kind] | (set(dir(compiled([], []))) if compiled else set())


def _attributes(thing, names, skips):
    for name in names:
        if name.startswith("__") or name in skips:
            continue
        try:
            value = getattr(thing, name)
        except Exception:  # a property that is not defined yet
            continue
        yield name, value


def _keras_bases(thing):
    return [base for base in type(thing).__mro__ if base.__module__.split(".")[0] in STRUCTURE_PACKAGES]


def _is_keras3(thing):
    return any(base.__name__ == "KerasSaveable" for base in _keras_bases(thing))


def _own_variables(thing):
    """[(key, variable)] that an object saves itself. Keras 2 saves copies: they are traced back by their position."""
    if _is_keras3(thing) and not hasattr(thing, "save_own_variables"):
        return []  # a metric
    listed, store = _listed_variables(thing), {}
    try:
        thing.save_own_variables(store)
    except Exception:  # Keras before 2.13, or a session holds the values
        return [(str(i), v) for i, v in enumerate(listed)]
    return [(key, _live(key, value, listed)) for key, value in store.items() if _live(key, value, listed) is not None]


def _listed_variables(thing):
    for names in (
        ("_trainable_variables", "_non_trainable_variables"),
        ("_trainable_weights", "_non_trainable_weights"),
    ):
        if all(isinstance(getattr(thing, name, None), list) for name in names):
            return [v for name in names for v in getattr(thing, name)]
    variables = getattr(thing, "variables", ())
    return list(variables() if callable(variables) else variables)


def _live(key, value, listed):
    """The variable whose value was saved; None for a computed value."""
    if hasattr(value, "assign"):
        return value
    variable = listed[int(key)] if key.isdigit() and int(key) < len(listed) else None
    same = variable is not None and np.asarray(variable).tobytes() == np.asarray(value).tobytes()
    return variable if same else None


# -- evidence: What tells which weight of a model a weight of the file is, where the file names or places each single one.

def pairs_by_structure(held, weights, lives, model):
    """By the path that Keras gives a variable in ``.keras`` and ``.weights.h5``: layers/dense_1/vars/0.

    Raises Refused where the path leads to another layer than the name that the file states.
    """
    if any(w.name for w in held.weights) or not any("/vars/" in w.path for w in weights):
        return []
    current = held.facts.get("current paths") or {}
    live = {id(w.variable): w for w in lives}
    ours = {_bare(path): live[id(v)] for path, v in structural_paths(model).items() if id(v) in live}
    placed = [(w, ours.get(_bare(current.get(w.path, w.path)))) for w in weights]
    pairs = [(w, other) for w, other in placed if other is not None and weight_fits(w, other)]
    names = {w.layer for w in lives}
    for weight, other in pairs:
        if weight.layer and weight.layer[0] != other.layer and weight.layer[0] in names:
            raise Refused(
                "%s of the file belongs to its layer %r, and by its place to the layer %r of the model: they could be "
                "swapped" % (weight.path, weight.layer[0], other.layer)
            )
    return pairs


def _bare(path):
    """A path as Keras 2 and Keras 3 both write it: Keras 2's attributes begin with an underscore more often."""
    return "/".join(part.lstrip("_") for part in path.split("/"))


def pairs_by_name(held, weights, lives, model):
    """By the whole name of the variable, where the file states no layer: tower/tower_dense/kernel.

    A name that Keras made up says nothing about one of several weights of its shape: there, the order must agree.
    """
    free = [w for w in weights if w.name and not w.layer]
    names, ours = [w.name for w in free], {}
    for live in lives:
        ours.setdefault(live_name(live.variable), []).append(live)
    unique = {name: found[0] for name, found in ours.items() if len(found) == 1 and names.count(name) == 1}
    pairs = [(w, unique[w.name]) for w in free if w.name in unique and weight_fits(w, unique[w.name])]
    if held.ordered:
        _check_order(pairs, lives, made_up_names(model))
    return pairs


def _check_order(pairs, lives, made_up):
    places = {id(live): place for place, live in enumerate(lives)}
    last = {}
    for weight, live in pairs:
        kind = (live.tail, tuple(weight.value.shape))
        if live.layer in made_up and places[id(live)] < last.get(kind, -1):
            raise Refused(
                "%s stands after another weight of its shape in the file and before it in the model, and Keras made "
                "the name up: they could be swapped" % weight.name
            )
        if live.layer in made_up:
            last[kind] = places[id(live)]


def pairs_by_attribute(held, weights, lives, model):
    """By the attributes that lead to the variable, as a checkpoint of a subclassed model has them: dense_1/_kernel."""
    if not any("/.ATTRIBUTES/" in w.path for w in weights):
        return []
    live = {id(w.variable): w for w in lives}
    ours = {}
    for path, thing in structural_objects(model).items():
        for name, value in vars(thing).items():
            if id(value) in live:
                ours["/".join(filter(None, [path, name.lstrip("_")]))] = live[id(value)]
    found = [(w, ours.get(_attribute_path(w.path))) for w in weights]
    return [(w, other) for w, other in found if other is not None and weight_fits(w, other)]


def _attribute_path(path):
    """``dense_1/kernel`` of ``model/dense_1/_kernel/.ATTRIBUTES/VARIABLE_VALUE``."""
    parts = [part.lstrip("_") for part in path.split("/.ATTRIBUTES/")[0].split("/")]
    return "/".join(parts[1:] if parts[0] == "model" else parts)


# -- match: Which weight of the file belongs to which weight of the model: by name, by order, and by the values they have now.

#: what tells that a weight of the file and one of the model belong together, the surest first; each is asked about what
#: the ones before it left
EVIDENCE = (pairs_by_structure, pairs_by_name, pairs_by_attribute, pairs_by_layers)


def match_weights(held, lives, model):
    """[(Weight, LiveWeight)]: each weight of the file with that of the model. Raises Refused.

    Parameters
    ----------
    held : Held
    lives : list of LiveWeight
    model : Keras model
    """
    pairs, weights, rest = [], _with_place(held.weights, lives, model), lives
    for evidence in EVIDENCE:
        if any(w.needed for w in rest):
            pairs += evidence(held, weights, rest, model)
            used = {id(part) for pair in pairs for part in pair}
            weights, rest = ([w for w in some if id(w) not in used] for some in (weights, rest))
    _check_shapes(pairs)
    _check_complete(held, pairs, weights, rest)
    _check_values(pairs)
    return pairs


def _with_place(weights, lives, model):
    """The weights of the file without those of layers that have no variables here, e.g. the boundaries of bins."""
    empty = {layer.name for layer in model.layers} - {w.layer for w in lives}
    return [w for w in weights if (w.layer or (w.name or "").split("/"))[0] not in empty]


def _check_shapes(pairs):
    for weight, live in pairs:
        if not weight_fits(weight, live):
            raise Refused("%s of the file is %s, %s/%s of the model is %s" % (
                weight.path, weight.value.shape, live.layer, live.tail, tuple(live.variable.shape)))  # fmt: skip


def _check_complete(held, pairs, weights, rest):
    """Each weight of the model must be in the file, and each weight of the file in the model."""
    absent = ["%s/%s" % (w.layer, w.tail) for w in rest if w.needed]
    if absent and not held.may_lack:
        raise Refused("the file has no value for %s" % some_of(absent))
    over = [w.path for w in weights if w.value.dtype.kind == "f"]
    if over:
        raise Refused("the model has no place for %s" % some_of(over))


def some_of(names):
    return ", ".join(names[:4]) + (" and %d more" % (len(names) - 4) if len(names) > 4 else "")


def _check_values(pairs):
    """If a weight now has the value that the file gives to another one of its shape, the two are swapped."""
    now = [live_value(live.variable) for _, live in pairs]
    same = [_equal(weight.value, value) for (weight, _), value in zip(pairs, now)]
    for place, (weight, _) in enumerate(pairs):
        if same[place] or weight.value.size < 2 or np.all(weight.value == weight.value.flat[0]):
            continue
        for other, value in enumerate(now):
            if other != place and not same[other] and _equal(weight.value, value):
                raise Refused(
                    "the model's %s/%s has the value that the file calls %s: the two layers are swapped, in the file "
                    "or in the model" % (pairs[other][1].layer, pairs[other][1].tail, weight.path)
                )


def _equal(one, other):
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


# -- options: What ``rescue`` can be told to do.

#: what can be put back
PARTS = ("weights", "flags", "compile", "optimizer")


class Options(object):
    """What ``rescue`` is to do.

    Parameters
    ----------
    parts : iterable of str
        Which of PARTS to put back.
    dry_run : bool
        Change nothing; the report shows what would be done.
    damaged : bool
        Read what is left of a damaged file, and name the rest in the report.
    """

    def __init__(self, parts=PARTS, dry_run=False, damaged=False):
        self.parts, self.dry_run, self.damaged = tuple(parts), dry_run, damaged
        unknown = sorted(set(self.parts) - set(PARTS))
        if unknown:
            raise ValueError("parts has %s; they are %s" % (", ".join(unknown), ", ".join(PARTS)))


# -- order: The orders in which optimizers create their variables, for files that give them no names.

#: the variables that one Keras lists, and another computes or keeps elsewhere
NOT_EVERYWHERE = ("learning_rate", "u_product")


def orders_of(slots, keras):
    """[list of keys]: the orders in which versions of Keras create the variables of a live optimizer's class.

    Keras 2 since 2.11 and Keras 3 create the slots in one order; Keras 2 lists no learning rate, and Keras 3 has moved
    Nadam's running product from the front to the end. Found by listing the variables of every class in Keras 2.12,
    2.15, 2.21, 3.3, 3.8 and 3.15.

    Parameters
    ----------
    slots : list of LiveSlot
    keras : str or None, the version that wrote the file
    """
    own = [(s.slot, s.weight, s.depth) for s in slots]
    if (keras or "3").startswith("2"):
        return [[(s.slot, s.weight, s.depth) for s in slots if _in_keras_2(s, slots)], own]
    moved, product = ([key for key in own if (key[0] == "u_product") == one] for one in (False, True))
    front = 1 + max([place for place, key in enumerate(moved) if key[1] is None] or [-1])
    orders = [own, moved[:front] + product + moved[front:]]
    rate = [key for key in own if key[0] == "learning_rate"] or [("learning_rate", None, 0)]
    bare = [[key for key in order if key not in rate] for order in orders]
    return orders + [order[:1] + rate + order[1:] for order in bare]  # Keras 3: behind the step counter


def _in_keras_2(slot, slots):
    """Whether Keras 2 since 2.11 lists a variable that Keras 3 has.

    Its LossScaleOptimizer lists the inner optimizer's variables alone, and its Adafactor has no row and column sums for
    a weight of one dimension.
    """
    if slot.slot in NOT_EVERYWHERE or slot.depth < max(s.depth for s in slots):
        return False
    return not (slot.slot in ("r", "c") and len(slot.variable.shape) == 0)


def order_of_names(optimizer, weights, trainable, held, count):
    """The keys of ``count`` variables whose names say no weight: each slot for all weights, then the next slot.

    Until Keras 2.0.5 the weights are sorted by their names over the whole model, bias before kernel: real files of
    1.2.1 to 2.0.5 have their slots' shapes in that order, and one of 2.0.6 in the order of the layers.

    Parameters
    ----------
    optimizer : str, the optimizer's class
    weights : list of (Weight, position among the trainable weights)
    trainable : int, the number of trainable weights
    held : Held
    """
    ordered = sorted(weights, key=lambda pair: pair[0].name or "") if version_of(held.keras) < (2, 0, 6) else weights
    places = [place for _, place in ordered] if held.ordered else list(range(trainable))
    keys = [(slot_named(slot, optimizer), place, 0) for slot in NAMELESS.get(optimizer, ()) for place in places]
    whole_slots = places and count % len(places) == 0
    return keys[:count] if whole_slots else keys


def version_of(text):
    """(2, 0, 6) of "2.0.6-tf"; the newest possible one if the file states none."""
    numbers = re.findall(r"\d+", text or "")
    return tuple(int(number) for number in numbers[:3]) or (99,)


# -- place: Which variable of the file's optimizer belongs to which variable of the live one: by name, and by position.

#: variables of the whole optimizer that the outer of two nested optimizers has
OF_LOSS_SCALE = ("dynamic_scale", "step_counter")


class Placing(object):
    """Places the optimizer's variables of a file in a live optimizer.

    Parameters
    ----------
    held : Held
    pairs : list of (Weight, LiveWeight)
    slots : list of LiveSlot
    trainable : list, the live optimizer's trainable weights in order
    optimizer : str, the class of the file's optimizer; None if the file does not state it

    Attributes
    ----------
    values : dict, {key: (Variable, "name" or "position")}
    left : list of Variable, those of the file that have no place
    """

    def __init__(self, held, pairs, slots, trainable, optimizer):
        self.held, self.slots, self.trainable = held, slots, trainable
        self.optimizer = optimizer
        self.places = {id(v): place for place, v in enumerate(trainable)}
        self.live = {(s.slot, s.weight, s.depth): s for s in slots}
        self.nested = any(s.depth for s in slots)
        self.weights = [(w, self.places[id(live.variable)]) for w, live in pairs if id(live.variable) in self.places]
        self.values, self.left = {}, []
        self.listed = listed_once(held)
        by_name = self._by_name()
        by_position = self._by_position(by_name)
        self._agree(by_name, by_position)
        for variable in self.listed:
            if variable.value is not None:
                self._place(variable, by_name.get(id(variable)), by_position.get(id(variable)))
        self._check()

    def _by_name(self):
        """{id of a variable: key}; nothing for a name that is not unique, or says nothing."""
        names, keys = {}, {}
        for weight, place in self.weights:
            names.setdefault(weight.name or weight.path, set()).add(place)
        unique = {name: places.pop() for name, places in names.items() if len(places) == 1}
        paths = {weight.path: place for weight, place in self.weights}
        inside = {id(variable) for variable in self.held.inner}
        for variable in self.listed:
            key = self._key(variable, unique, names, paths, id(variable) not in inside)
            if key is not None:
                keys[id(variable)] = key
        return keys if len(set(keys.values())) == len(keys) else self._unique(keys)

    @staticmethod
    def _unique(keys):
        listed = list(keys.values())
        return {name: key for name, key in keys.items() if listed.count(key) == 1}

    def _key(self, variable, unique, names, paths, outer):
        if variable.of is not None:
            if variable.of not in paths:
                return None
            return slot_named(variable.slot, self.optimizer), paths[variable.of], self._depth(None, outer)
        if variable.name is None or nameless(variable.name):
            return None
        slot, weight = split_name(variable.name, names, self.optimizer)
        if weight is None:
            scalar = variable.value is not None and variable.value.ndim == 0
            return (slot, None, self._depth(variable.name, outer, slot)) if scalar else None
        return (slot, unique[weight], self._depth(None, outer)) if weight in unique else None

    def _depth(self, name, outer, slot=None):
        """0, or 1 inside a LossScaleOptimizer: names tell it, or the file's layout."""
        if not self.nested or slot in OF_LOSS_SCALE:
            return 0
        if name is None or not outer or self.held.inner:
            return 0 if outer and self.held.inner else 1
        return 0 if re.match(r"loss_scale_optimizer[^/]*/[^/]*$", name) else 1

    def _by_position(self, by_name):
        """{id of a variable: key} by the order in which the class creates its variables; {} if no order fits.

        Numbers of the whole optimizer need no position if the file names them: checkpoints list some that
        ``optimizer.variables`` does not have.
        """
        whole = {id(v) for v in self.listed if v.name and not nameless(v.name) and self._is_whole(v, by_name)}
        listed = [v for v in self.listed if id(v) not in whole]
        if any(variable.of is not None for variable in listed):
            return {}
        shaped = [v for v in listed if v.value is not None and v.value.ndim]
        if shaped and all(v.name and nameless(v.name) for v in shaped):
            return self._nameless(listed)
        for order in orders_of(self.slots, self.held.keras):
            order = [key for key in order if key[1] is not None] if whole else order
            if len(order) == len(listed) and all(self._fits(v, key) for v, key in zip(listed, order)):
                return {id(v): key for v, key in zip(listed, order)}
        return {}

    def _is_whole(self, variable, by_name):
        """Whether a variable is one of the whole optimizer: its name has no weight in it."""
        if variable.value is None or variable.value.ndim:
            return False
        return by_name.get(id(variable), (None, None, 0))[1] is None and variable.of is None

    def _nameless(self, listed):
        """{id of a variable: key} of optimizers that give their variables no names.

        Keras 1 gives none to the step counter either, the first variable that it creates.
        """
        unnamed = [v for v in listed if v.value is not None and nameless(v.name)]
        counters = [v for v in unnamed[:1] if v.value.ndim == 0 and v is listed[0]]
        shaped = unnamed[len(counters) :]
        keys = order_of_names(self.optimizer, self.weights, len(self.trainable), self.held, len(shaped))
        fitting = len(keys) == len(shaped) and all(self._fits(v, key) for v, key in zip(shaped, keys))
        if not count_up([v.name for v in unnamed]):
            raise Refused("the optimizer's variables are not in the order of creation: their numbers do not count up")
        if not fitting:
            return {}
        keys = [("iteration", None, 0)] * len(counters) + keys
        return {id(v): key for v, key in zip(unnamed, keys)}

    def _fits(self, variable, key):
        """Whether a variable has the shape of a key's live variable; one without either fits."""
        if variable.value is None or key not in self.live:
            return True
        return tuple(variable.value.shape) == tuple(int(d) for d in self.live[key].variable.shape)

    def _agree(self, by_name, by_position):
        for variable in self.listed:
            name, position = by_name.get(id(variable)), by_position.get(id(variable))
            if None in (name, position) or name == position or name not in self.live:
                continue
            if name[1] is not None and self._swappable(name, position):
                raise Refused(
                    "the optimizer's variable %s is in the place of another one of its shape: by its name it is the %s "
                    "of weight %d, by its place in the file it is the %s of weight %s"
                    % (variable.path, name[0], name[1], position[0], position[1])
                )

    def _swappable(self, one, other):
        shapes = [tuple(self.live[key].variable.shape) for key in (one, other) if key in self.live]
        return len(shapes) == 2 and shapes[0] == shapes[1] and self._same_order()

    def _same_order(self):
        """Whether the file's trainable weights stand in the order of the live optimizer's."""
        places = [place for _, place in self.weights]
        return self.held.ordered and places == sorted(places)

    def _place(self, variable, name, position):
        key, how = (name, "name") if name in self.live else (position, "position")
        if key not in self.live or key in self.values:
            self.left.append(variable)
            return
        shape = tuple(int(d) for d in self.live[key].variable.shape)
        if tuple(variable.value.shape) != shape:
            raise Refused("the optimizer's variable %s is %s in the file, %s in the model"
                          % (variable.path, variable.value.shape, shape))  # fmt: skip
        self.values[key] = (variable, how)

    def _check(self):
        """No sum of squares is negative: such a value belongs to another slot. And no slot is there in part."""
        for (slot, weight, _), (variable, _) in self.values.items():
            squared = self.optimizer in SQUARES and slot in NEVER_NEGATIVE and weight is not None
            if squared and np.any(variable.value < 0):
                raise Refused("%s of the file has values below zero: it is no %s" % (variable.path, slot))
        if self.held.damage:
            return
        for slot, depth in sorted({(s.slot, s.depth) for s in self.slots if s.weight is not None}):
            places = [key for key in self.live if (key[0], key[2]) == (slot, depth)]
            filled = [key for key in places if key in self.values]
            empty = [key for key in places if key not in self.values and len(self.live[key].variable.shape)]
            if filled and empty and len(filled) < len(places):
                raise Refused("the file has the slot %r for %d of %d weights" % (slot, len(filled), len(places)))

    def without_slots(self):
        """Whether numbers of the whole optimizer have a place and no slot has, though both sides have slots."""
        slots = any(v.value is not None and v.value.ndim for v in self.left) and any(
            s.weight is not None for s in self.slots
        )
        return slots and bool(self.values) and all(key[1] is None for key in self.values)

    def forget(self):
        """Leave everything: a late step with new moments is worse than a new beginning."""
        self.left += [variable for variable, _ in self.values.values()]
        self.values = {}


# -- report: What a rescue did, or would do.

class Report(object):
    """The result of ``rescue``.

    Attributes
    ----------
    source : str
    dry_run : bool, whether nothing was changed
    restored : list of (what, from, how)
        What came back: the variable of the model, where it lies in the file, and what tells that they belong together.
    already : list of str, what the model had right
    unused : list of str, what is in the file and fits nothing in the model
    absent : list of str, what the model has and the file does not hold; it stays as it was
    changes : list of str, the arguments of compile, and the flags, that were put back
    notes : list of str
    damage : list of (path, reason), what could not be read
    """

    def __init__(self, source, dry_run=False):
        self.source, self.dry_run = source, dry_run
        self.restored, self.already, self.unused, self.absent = [], [], [], []
        self.changes, self.notes, self.damage = [], [], []

    @property
    def complete(self):
        """Whether everything that the model has is now as the file says."""
        return not self.absent and not self.damage

    def __str__(self):
        verb = "would come back" if self.dry_run else "came back; each was read again and compared bit for bit"
        lines = ["%s: %d variables %s." % (self.source, len(self.restored), verb)]
        for what, origin, how in self.restored:
            lines.append("  %-44s from %s (by %s)" % (what, origin, how))
        lines += self._part("were right already", self.already, False)
        lines += self._part("arguments and flags put back", self.changes)
        lines += self._part("are in the file and fit nothing in the model", self.unused)
        lines += self._part("are not in the file, and stay as they were", self.absent)
        lines += self._part("could not be read", ["%s: %s" % pair for pair in self.damage])
        lines += self._part("notes", self.notes)
        return "\n".join(lines)

    @staticmethod
    def _part(title, items, listed=True):
        if not items:
            return []
        return ["%d %s%s" % (len(items), title, ":" if listed else ".")] + ["  " + item for item in items if listed]


# -- restore: Puts back into a live model what a file holds: weights, the optimizer's variables, its class and arguments.

def rescue(model, path, custom_objects=None, **options):
    """Put back into a model what a file holds and its loader left there.

    Parameters
    ----------
    model : Keras model
        With all its weights created: built by your code, or loaded by any loader.
    path : str
        ``.h5``, ``.keras``, ``.weights.h5``, ``.weights.json``, or the folder or prefix of a checkpoint or SavedModel.
    custom_objects : dict, {name: class or function} of your own optimizers, schedules, losses and metrics
    options : dry_run=True, damaged=True, parts=[...], see Options

    Returns
    -------
    Report

    Raises
    ------
    Refused : the file does not fit the model, or its parts could be confused. Nothing was changed.
    Unreadable : the file, or a part of it, cannot be read.
    """
    options = Options(**options)
    held = read_held(str(path), options.damaged)
    return _Rescue(model, held, options.parts, custom_objects, Report(str(path), options.dry_run)).run()


class _Rescue(object):
    """One rescue: first everything is matched, then everything is assigned, then everything is compared."""

    def __init__(self, model, held, parts, custom_objects, report):
        self.model, self.held, self.parts, self.objects = model, held, parts, custom_objects
        self.report, self.keras = report, keras_of(model)
        self.flags_before = []
        report.damage = held.damage

    def run(self):
        """Put everything back. Whatever it raises, the flags of the layers are then as they were."""
        try:
            return self._run()
        except Exception:
            for layer, flag in self.flags_before:
                layer.trainable = flag
            raise

    def _run(self):
        lives = live_weights(self.model)
        pairs = match_weights(self.held, lives, self.model)
        assignments = self._of_weights(pairs, lives) if "weights" in self.parts else []
        self._flags()
        optimizer = self._optimizer() if {"optimizer", "compile"} & set(self.parts) else None
        if optimizer is not None and "optimizer" in self.parts:
            assignments += self._of_optimizer(optimizer, pairs)
        if not self.report.dry_run:
            self._attach(optimizer)
            for variable, value in assignments:
                live_assign(variable, value)
            self._compare(assignments)
        return self.report

    def _of_weights(self, pairs, lives):
        """[(variable, value)] of the weights that are not right yet."""
        used = {id(weight) for weight, _ in pairs}
        paired = {id(live.variable) for _, live in pairs}
        self.report.unused += [w.path for w in self.held.weights if id(w) not in used]
        self.report.absent += ["%s/%s" % (w.layer, w.tail) for w in lives if id(w.variable) not in paired]
        listed = [("%s/%s" % (live.layer, live.tail), live.variable, w, "name") for w, live in pairs]
        return self._to_assign(listed)

    def _flags(self):
        """Freeze and unfreeze layers as the file says; this decides which weights the optimizer has slots for."""
        differing = differing_flags(self.model, self.held.config) if "flags" in self.parts else []
        for layer, flag in differing:
            self.report.changes.append("trainable of %s: %s, the file says %s" % (layer.name, layer.trainable, flag))
            if self.report.dry_run:
                self.report.notes.append("%s: slots are mapped as its present flag has them" % layer.name)
            else:
                self.flags_before.append((layer, layer.trainable))
                layer.trainable = flag

    def _to_assign(self, listed):
        """[(variable, value)] of (what, variable, entry of the file, how) where the values differ; fills the report."""
        assignments = []
        for what, variable, entry, how in listed:
            now = live_value(variable)
            value = cast(entry.value, now, entry.path)
            if now.tobytes() == value.tobytes():
                self.report.already.append(what)
            else:
                self.report.restored.append((what, entry.path, how))
                assignments.append((variable, value))
        return assignments

    def _optimizer(self):
        """The optimizer that the model is to have: its own, or a new one with the file's class and arguments."""
        stated, own = stated_optimizer(self.held), compiled_optimizer(self.model)
        if stated is None or "compile" not in self.parts:
            return usable_optimizer(self.model)
        notes = []
        wanted = make_optimizer(self.keras, stated, self.objects, notes)
        differing = ["the optimizer: none, the file says %s" % stated[0]]
        if own is not None:
            differing = differing_arguments(own, wanted)
        self.report.notes += notes
        if not differing:
            return usable_optimizer(self.model)
        self.report.changes += differing
        create_slots(wanted, self.model.trainable_weights)
        return wanted

    def _of_optimizer(self, optimizer, pairs):
        trainable = list(self.model.trainable_weights)
        slots = live_slots(optimizer, trainable)
        stated = inner_stated(stated_optimizer(self.held))
        name = stated[0] if stated else type(optimizer).__name__
        placing = Placing(self.held, pairs, slots, trainable, name)
        if placing.without_slots():
            self.report.notes.append("no slot of the file's optimizer has a place, so its step counter is left too")
            placing.forget()
        names = ["%s/%s" % (w.layer, w.tail) for w in live_weights(self.model)]
        places = {id(w.variable): name for w, name in zip(live_weights(self.model), names)}
        listed = []
        for slot in slots:
            key = (slot.slot, slot.weight, slot.depth)
            of = "" if slot.weight is None else " of " + places.get(id(trainable[slot.weight]), "?")
            if key in placing.values:
                variable, how = placing.values[key]
                listed.append(("optimizer: %s%s" % (slot.slot, of), slot.variable, variable, how))
            else:
                self._not_in_file(slot, of)
        self.report.unused += [v.path for v in placing.left]
        return self._to_assign(listed)

    def _not_in_file(self, slot, of):
        """A learning rate comes from the config where the file's Keras has no variable for it."""
        rate = slot.slot == "learning_rate" and stated_optimizer(self.held) is not None and "compile" in self.parts
        if not rate:
            self.report.absent.append("optimizer: %s%s" % (slot.slot, of))

    def _attach(self, optimizer):
        """Give the model its optimizer; a model that is not compiled is compiled with the file's losses and metrics."""
        if optimizer is None or optimizer is compiled_optimizer(self.model):
            return
        if compiled_optimizer(self.model) is None:
            arguments = compile_arguments(self.held, self.keras, self.objects, self.report.notes)
            if arguments is None:
                raise Refused("the model is not compiled, and the file states no loss: compile the model first")
            self.model.compile(optimizer=optimizer, **arguments)
            return
        give_optimizer(self.model, optimizer)

    @staticmethod
    def _compare(assignments):
        """Read everything again: what was assigned must be there bit for bit."""
        for variable, value in assignments:
            now = live_value(variable)
            if now.tobytes() != value.tobytes():
                raise RuntimeError("%r did not keep the value that was assigned to it" % (variable,))


# -- stated_model: The model that a file's config states, in the words of a newer Keras, where Keras itself makes no model of the file.

#: arguments of layers without effect on what a model computes: its speed, or its shapes, which the other layers state
LAYERS_WITHOUT_EFFECT = ("implementation", "input_length", "batch_input_shape")
#: an argument's old name -> its present name
LAYERS_RENAMED = {"alpha": "negative_slope"}
#: functions that Keras 2 and Keras 3 compute in different ways:
#: https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/activations.py
#: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/activations/activations.py
NOT_THE_SAME = ("hard_sigmoid",)
#: the names under which Keras has saved functional models
FUNCTIONAL_CLASSES = ("Model", "Functional")


def stated_model(held, keras, custom_objects=None):
    """The model, with fresh weights. Raises Refused if this Keras cannot build the one that the file states."""
    building = _Building(keras, custom_objects, (held.keras or "3").split(".")[0])
    stated = building.layer(held.config or {})
    class_ = keras.Sequential if stated.get("class_name") == "Sequential" else keras.Model
    try:
        model = class_.from_config(stated["config"], custom_objects=custom_objects)
    except Exception as error:
        raise Refused("%s builds no model from the file's config: %s" % (keras.__name__, error)) from error
    return model


class _Building(object):
    """Rewrites configs for one Keras."""

    def __init__(self, keras, custom_objects, version):
        self.keras, self.objects = keras, custom_objects or {}
        self.input_shape = "batch_shape" if is_keras3(keras) else "batch_input_shape"
        self.differs = is_keras3(keras) != (version >= "3")

    def layer(self, stated):
        """The config of one layer, or of a model; all layers in it are rewritten too."""
        name, config = stated.get("class_name"), stated.get("config")
        kept = {key: stated[key] for key in ("class_name", "name", "inbound_nodes") if key in stated}
        if name == "Sequential":
            config = config if isinstance(config, dict) else {"layers": config or []}
            own = {key: config[key] for key in ("name", "trainable") if key in config}
            return dict(kept, config=dict({"name": "sequential"}, layers=self._sequence(config["layers"]), **own))
        if name in FUNCTIONAL_CLASSES and "layers" in config:
            return dict(kept, config=dict(config, layers=[self.layer(one) for one in config["layers"]]))
        return dict(kept, config=self._arguments(str(name).split(">")[-1], config or {}))

    def _sequence(self, layers):
        """The layers of a sequential model; Keras 2 may state its input in the first layer."""
        shape = self._value(layers[0]["config"].get("batch_input_shape")) if layers else None
        made = [self.layer(one) for one in layers]
        if is_keras3(self.keras) and shape is not None and layers[0]["class_name"] != "InputLayer":
            made.insert(0, {"class_name": "InputLayer", "config": {"batch_shape": shape}})
        return made

    def _arguments(self, name, config):
        class_ = self.objects.get(name) or getattr(self.keras.layers, name, None)
        if class_ is None:
            raise Refused("%s has no layer %s: give it in custom_objects" % (self.keras.__name__, name))
        taken, given = taken_by(class_) | ({self.input_shape} - {"batch_shape"}), {}
        for key, value in config.items():
            new = key if key in taken else self._renamed(name, key)
            if new in taken:
                given.update(self._initializer(new, value) if _initializes(new) else {new: self._value(value)})
            elif value not in (None, False, "", [], {}) and not (key in LAYERS_WITHOUT_EFFECT or _initializes(key)):
                raise Refused("%s of %s has no argument %s, the file says %r" % (name, self.keras.__name__, key, value))
        return given

    def _renamed(self, name, key):
        if name == "InputLayer" and key in ("batch_shape", "batch_input_shape"):
            return self.input_shape
        return LAYERS_RENAMED.get(key, key) if not self.objects.get(name) else key

    def _initializer(self, key, value):
        """{key: initializer} without arguments that this Keras does not have: its values are replaced anyway."""
        name = str(value["class_name"]).split(">")[-1] if isinstance(value, dict) else None
        class_ = self.objects.get(name) or getattr(self.keras.initializers, name or "", None)
        if class_ is None:
            return {} if name else {key: value}
        config = value.get("config") or {}
        taken = taken_by(class_)
        return {key: {"class_name": name, "config": {inner: config[inner] for inner in config if inner in taken}}}

    def _value(self, value):
        """An argument; a function, a regularizer or a layer in it by the name of its class."""
        if self.differs and isinstance(value, str) and value in NOT_THE_SAME:
            raise Refused("%s is another function in %s than in the file's Keras" % (value, self.keras.__name__))
        if not isinstance(value, dict) or "class_name" not in value:
            return value
        if value["class_name"] == "__tuple__":  # in SavedModels
            return list(value["items"])
        if value["class_name"] == "function":
            return self._value(value["config"])
        inner = value.get("config") or {}
        if hasattr(self.keras.layers, str(value["class_name"])):
            return self.layer(value)
        if "Policy" in value["class_name"]:
            return inner.get("name", "float32")
        return {"class_name": value["class_name"], "config": inner}


def _initializes(key):
    return key.endswith("_initializer")


# -- convert: A file of an older Keras as a ``.keras`` file that the newer one reads by itself.

class NotLoadable(Exception):
    """Keras makes no model of the file; the message has Keras' words and the remedy."""


ERRORS = (NotLoadable, Refused, Unreadable)


def load_and_rescue(path, keras=None, custom_objects=None, **options):
    """(model, Report): the model as Keras loads it, with what Keras left in the file put back.

    Where Keras cannot restore the compile arguments, or another major version wrote them, the model is loaded without
    them, and they are put back too: Keras 3 takes the name of a metric of Keras 2 for its function. Where Keras makes
    no model of the file, the model is built from the file's config.

    Parameters
    ----------
    path : str
    keras : module, by default ``keras``
    custom_objects : dict
    options : what ``rescue`` takes beside

    Raises
    ------
    NotLoadable, Refused, Unreadable
    """
    keras, notes = keras or importlib.import_module("keras"), []
    with _safely(keras):
        model = _load(path, keras, custom_objects, notes)
    report = rescue(model, path, custom_objects=custom_objects, **options)
    report.notes += notes
    return model, report


def _load(path, keras, custom_objects, notes):
    if not _is_of_another_major(read_held(str(path), True), keras):
        try:
            return keras.models.load_model(path, custom_objects=custom_objects)
        except Exception:  # it is tried again without what most often fails
            pass
    try:
        return keras.models.load_model(path, custom_objects=custom_objects, compile=False)
    except Exception as error:
        notes.append("load_model raises %s: the model was built from the file's config" % type(error).__name__)
        return _build(path, keras, custom_objects, error)


def _is_of_another_major(held, keras):
    """Whether the file states its compile arguments in the words of another major version of Keras."""
    stated = states_compile(held) and held.keras
    return bool(stated) and stated.split(".")[0] != version_of_keras(keras).split(".")[0]


def _build(path, keras, custom_objects, error):
    try:
        return stated_model(read_held(path), keras, custom_objects)
    except Refused as reason:
        raise NotLoadable(
            "%s %s makes no model of %s (%s: %s), and its config does not either (%s). Build the model with your own "
            "code: rescue(model, path), or --model"
            % (keras.__name__, version_of_keras(keras), path, type(error).__name__, _short(error), _short(reason))
        ) from error


def _short(error):
    return " ".join(str(error).split())[:300]


def _safely(keras):
    """Keras 2 runs a Lambda layer's code from an HDF5 file unless it is told not to."""
    scope = getattr(getattr(keras, "saving", None), "SafeModeScope", None)
    if scope is None:
        with contextlib.suppress(ImportError, AttributeError):
            scope = importlib.import_module("tf_keras.src.saving.serialization_lib").SafeModeScope
    return scope(True) if scope is not None and keras.__name__ == "tf_keras" else _nothing()


@contextlib.contextmanager
def _nothing():
    yield


def convert(path, new, model=None, keras=None, custom_objects=None, **options):
    """Save as ``new`` the model of ``path``, with everything that the file holds. Returns the Report.

    Parameters
    ----------
    path : str
    new : str, ``*.keras``, or ``*.weights.h5`` for the weights alone
    model : Keras model or None
        Built by your code, where Keras makes no model of the file.
    keras : module, by default ``keras``; without effect where ``model`` is given
    """
    if model is None:
        model, report = load_and_rescue(path, keras, custom_objects, **options)
    else:
        report = rescue(model, path, custom_objects=custom_objects, **options)
    if report.dry_run:
        return report
    if new.endswith(".weights.h5"):
        model.save_weights(new)
    else:
        model.save(new)
    report.notes.append("saved as %s" % new)
    return report


# -- command: The command line: show, convert.

USAGE = """Bring back what a saved Keras model holds and its loader leaves there: the optimizer's state, above all.

  python keras_rescue.py show old.h5
      what the file holds
  python keras_rescue.py convert old.h5 new.keras
      load the file with Keras, put back what Keras left, save it for the Keras that is installed
  python keras_rescue.py convert old.h5 new.keras --model train.py:build_model
      the same for a file of which Keras makes no model: your function builds it

In Python: keras_rescue.rescue(model, "old.h5").
"""


def rescue_main(arguments=None):
    """Run the command line. Returns 0; 1 if the file was refused or cannot be read; 2 for a wrong argument."""
    parser = argparse.ArgumentParser(description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    shown = commands.add_parser("show", help="what the file holds")
    made = commands.add_parser("convert", help="save it for the Keras that is installed")
    for command in (shown, made):
        command.add_argument("path", help="file, folder, or prefix of a checkpoint")
        command.add_argument("--damaged", action="store_true", help="read what is left of a damaged file")
    made.add_argument("new", help="new.keras, or new.weights.h5")
    made.add_argument("--model", metavar="FILE.py:FUNCTION", help="a function that builds the model, compiled or not")
    made.add_argument("--keras", default="keras", help="the module that is Keras: keras, tf_keras, tensorflow.keras")
    made.add_argument("--dry-run", action="store_true", help="show the mapping and save nothing")
    args = parser.parse_args(arguments)
    try:
        print(_shown(args) if args.command == "show" else _converted(args, parser))
    except ERRORS as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 1
    return 0


def _shown(args):
    held = read_held(args.path, args.damaged)
    stated = (held.compiled or {}).get("optimizer_config") or (held.compiled or {}).get("optimizer")
    lines = ["%s: %s%s" % (args.path, held.kind, ", Keras " + held.keras if held.keras else "")]
    lines += ["  %-52s %s" % (w.path, _numbers(w.value)) for w in held.weights]
    lines += ["optimizer: %s" % (stated.get("class_name") if isinstance(stated, dict) else stated or "not stated")]
    lines += ["  %-52s %s" % (v.path, _numbers(v.value)) for v in held.optimizer + held.inner]
    lines += ["damaged: %s: %s" % pair for pair in held.damage]
    return "\n".join(lines)


def _numbers(value):
    if value is None:
        return "no value of its own"
    return "%s %s" % (value.dtype, tuple(value.shape)) if value.ndim else "%s %s" % (value.dtype, value)


def _converted(args, parser):
    model = _built(args.model, parser) if args.model else None
    package, _, inside = args.keras.partition(".")
    try:
        keras = importlib.import_module(package)
    except ImportError:
        parser.error("--keras: %s is not installed for %s" % (package, sys.executable))
    keras = getattr(keras, inside) if inside else keras
    return convert(args.path, args.new, model, keras, dry_run=args.dry_run, damaged=args.damaged)


def _built(named, parser):
    """The model that the user's function builds."""
    file, _, function = named.rpartition(":")
    if not file.endswith(".py") or not function:
        parser.error("--model wants FILE.py:FUNCTION, not %s" % named)
    spec = importlib.util.spec_from_file_location("rescued_model", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rescued_model"] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        parser.error("--model: there is no file %s" % file)
    if not callable(getattr(module, function, None)):
        parser.error("--model: %s has no function %s" % (file, function))
    return getattr(module, function)()


if __name__ == "__main__":
    sys.exit(rescue_main())
