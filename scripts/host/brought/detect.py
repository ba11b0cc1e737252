"""Which format a path, or a list of paths, is of, and which files belong to it."""

import itertools
import re
from pathlib import Path
from typing import NamedTuple

from host.brought import magic
from host.brought.bounded import GRAPH, Unsupported, content, holds, mapped, refuse_large

#: the kind of a single file -> the name under which it is given to every reader
NAMES = {
    "h5": "model.h5",
    "keras_archive": "model.keras",
    "weights_h5": "model.weights.h5",
    "weights_h5_legacy": "weights.h5",
    "litert": "model.tflite",
    "onnx": "model.onnx",
    "graph": "frozen_model.pb",
}
#: the kind of a single file -> its format, where that has another name
FORMATS = {"graph": "frozen_graph"}
#: the endings by which a reader chooses how to read, each with what it stands for
ENDINGS = {".keras": "keras_archive", ".h5": "h5", ".hdf5": "h5"}
#: what a program writes that takes bytes for UTF-8 and cannot read them
REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
_DATA = re.compile(r"\.data-\d{5}-of-\d{5}$")


class Found(NamedTuple):
    """A format, and {path of the copy relative to artifact/: the user's file}; ``note`` says what the copy changes."""

    format: str
    files: dict
    note: str = ""


def detect(path):
    """The Found of a path, or of a list of paths. Raises Unsupported."""
    if isinstance(path, (list, tuple)):
        return _of_list([Path(p) for p in path])
    path = Path(path)
    return _of_folder(path) if path.is_dir() else _of_file(path) if path.is_file() else _of_prefix(path)


def _of_list(paths):
    missing = [str(p) for p in paths if not p.is_file()]
    if missing:
        raise Unsupported(f"there is no file {', '.join(missing)}", "A list names files.")
    kinds = {magic.kind_of(p): p for p in paths}
    weights = [k for k in ("weights_h5", "weights_h5_legacy", "h5") if k in kinds]
    if "architecture" in kinds and len(paths) == 2 and weights:
        return Found("json_weights", {"model.json": kinds["architecture"], **_weights(kinds[weights[0]], weights[0])})
    prefixes = {_prefix(p) for p in paths if p.name != "checkpoint"}
    if len(prefixes) == 1:
        return _checkpoint(prefixes.pop(), [p for p in paths if p.name != "checkpoint"])
    names = ", ".join(f"{p.name}: {kind}" for kind, p in kinds.items())
    raise Unsupported(f"these files are no artifact together ({names})")


def _weights(path, kind):
    return {NAMES["weights_h5"] if kind == "weights_h5" else NAMES["weights_h5_legacy"]: path}


def _of_folder(path):
    inside = {p.name for p in path.iterdir()}
    if inside & {"saved_model.pb", "saved_model.pbtxt"}:
        return _saved_model(path)
    if {"config.json", "metadata.json"} <= inside:
        return Found("keras_directory", _below(path, "model"))
    versions = [p for p in path.iterdir() if (p / "saved_model.pb").is_file() or (p / "saved_model.pbtxt").is_file()]
    if versions:
        newest = max(versions, key=lambda p: (p.name.isdigit(), int(p.name) if p.name.isdigit() else 0, p.name))
        other = f", of {len(versions)} versions" if len(versions) > 1 else ""
        return _saved_model(newest)._replace(note=f"Read is the SavedModel in the folder {newest.name}{other}.")
    prefixes = {_prefix(p) for p in path.iterdir() if p.name.endswith((".index", ".meta"))}
    prefixes = {p for p in prefixes if _files_of(p)}
    if prefixes:
        return _latest(path, prefixes)
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    if len(files) in (1, 2):
        return _of_list(files) if len(files) == 2 else _of_file(files[0])
    listed = ", ".join(sorted(inside)[:8]) or "nothing"
    raise Unsupported(f"no artifact can be told in the folder {path}: it holds {listed}")


def _latest(folder, prefixes):
    """The checkpoint that the file ``checkpoint`` names, by its base name; else the only one."""
    state, named = folder / "checkpoint", None
    if state.is_file():
        text = re.search(r'^model_checkpoint_path: "(.*)"', content(state).decode("utf-8", "replace"), re.MULTILINE)
        named = re.split(r"[\\/]+", text[1])[-1] if text else None
    chosen = [p for p in prefixes if p.name == named] or (list(prefixes) if len(prefixes) == 1 else [])
    if not chosen:
        names = ", ".join(sorted(p.name for p in prefixes))
        raise Unsupported(f"{folder} holds several checkpoints ({names}), and none is said to be the latest",
                          "Name the prefix of one.")  # fmt: skip
    windows = state.is_file() and b"\\" in content(state)
    note = "The file `checkpoint` was written on Windows: its paths have backslashes." if windows else ""
    return _checkpoint(chosen[0], _files_of(chosen[0]), note)


def _of_file(path):
    if path.name == "checkpoint" and content(path).find(b"model_checkpoint_path") >= 0:
        return _of_folder(path.parent)
    kind = magic.kind_of(path)
    if kind.startswith("not "):
        raise Unsupported(f"{path} is {kind}")
    if kind == "saved_model":
        return _saved_model(path.parent)
    if kind in ("table", "data", "meta"):
        prefix = _prefix(path)
        return _checkpoint(prefix, _files_of(prefix))
    if kind == "architecture":
        raise Unsupported(f"{path} is an architecture without weights", "List its weights too: path: [a.json, b.h5].")
    return Found(FORMATS.get(kind, kind), {NAMES[kind]: path}, _renamed(path, kind))


def _renamed(path, kind):
    """Whether a reader that goes by the name would take the file for another kind."""
    if kind == "weights_h5" and not path.name.endswith(".weights.h5"):
        return f"It is read under the name {NAMES[kind]}: Keras 3 refuses the name {path.name}, not the content."
    said = ENDINGS.get(path.suffix)
    if said and kind in ENDINGS.values() and said != kind:
        what = "HDF5" if kind == "h5" else "a Keras archive"
        text = f"{path.name} is {what} by its content, so it is read under the name {NAMES[kind]}:"
        return f"{text} a Keras that goes by the name refuses the name, not the content."
    return ""


def _of_prefix(path):
    files = _files_of(path)
    if not files:
        raise Unsupported(f"there is no {path}", "Write a path relative to the file that names it, or an absolute one.")
    return _checkpoint(path, files)


def _prefix(path):
    name = _DATA.sub("", path.name)
    return path.with_name(name.removesuffix(".index").removesuffix(".meta"))


def _files_of(prefix):
    """The files of a checkpoint: those of the prefix itself, and of no longer one (``m-1`` is none of ``m-10``)."""
    if not prefix.parent.is_dir():
        return []
    return sorted(p for p in prefix.parent.iterdir() if p.is_file() and _prefix(p) == prefix)


def _checkpoint(prefix, files, note=""):
    whole = {p.name: p for p in files}
    index, meta = whole.get(prefix.name + ".index"), prefix.name + ".meta" in whole
    if index is None and prefix.name not in whole:
        raise Unsupported(f"the checkpoint {prefix} lacks its .index", "Bring the files .index and .data-* together.")
    if index is not None and not any(_DATA.search(name) for name in whole):
        raise Unsupported(f"the checkpoint {prefix} lacks its data (.data-*)", "Bring .index and .data-* together.")
    if index is None:
        return Found("saver_v1" if meta else "saver_no_meta_graph", whole, note)
    by_objects = _by_objects(index)
    return Found("saver_v2" if meta else "tf_checkpoint" if by_objects else "saver_no_meta_graph", whole, note)


def _by_objects(index):
    """Whether an index is that of a checkpoint of objects. Raises Unsupported where it can be no index."""
    refuse_large(index, index.stat().st_size, "index of a checkpoint")
    return holds(index, b"_CHECKPOINTABLE_OBJECT_GRAPH")


def _saved_model(folder):
    graphs = list(folder.glob("saved_model.pb*"))
    if any(_converted(graph) for graph in graphs):
        problem = (
            f"{folder}/saved_model.pb is damaged: it was once converted as if it were text (U+FFFD stands for bytes)"
        )
        raise Unsupported(problem, "Get the file anew, as a binary file.")
    index = folder / "variables" / "variables.index"
    objects = index.is_file() and _by_objects(index)
    keras = (folder / "keras_metadata.pb").is_file() or any(holds(graph, b"_tf_keras_") for graph in graphs)
    return Found("saved_model" if keras else "export" if objects else "saved_model_builder", _below(folder, "model"))


def _converted(graph):
    """Whether a file was once converted as if it were text. Raises Unsupported where it can be no graph."""
    refuse_large(graph, graph.stat().st_size, "graph", GRAPH)
    with mapped(graph) as content_:
        return sum(1 for _ in itertools.islice(re.finditer(REPLACED, content_), 9)) > 8


def _below(folder, name):
    """{path of the copy: file}. Raises Unsupported for a link out of the folder: its target is none of the artifact."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    outside = [p for p in files if not p.resolve().is_relative_to(folder.resolve())]
    if outside:
        raise Unsupported(f"{outside[0]} is a link that leaves {folder}", "Put the file itself there.")
    return {f"{name}/{p.relative_to(folder).as_posix()}": p for p in files}
