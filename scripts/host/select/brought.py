"""Artifacts that the user brings: checks their entries before any job starts, and lists their cells."""

import os
import shlex

import numpy as np

from host.brought import apart, contents, detect
from host.brought.titles import TITLES
from host.inspection.files import links_out
from host.schemas import ConfigError, folder_of, place
from host.select.cells import Cell
from host.select.runtimes import newest, preferred
from host.select.selection import select
from roundtrip import members

USES = ("inference", "resume")
#: the apis that read artifacts without code; graph mode reads what eager mode reads
APIS = ("keras3", "keras2", "tf1")


def resolve(config, file):
    """{id: entry} of `artifacts`, with absolute paths, the format and the files. Raises host.schemas.ConfigError."""
    entries = config["artifacts"].items()
    return {id_: _entry(id_, entry, folder_of(file, "artifacts", id_).resolve(), file) for id_, entry in entries}


def _entry(id_, entry, folder, file):
    if id_ in members.names("models"):
        problem = f"{id_} is the name of a model of this project"
        raise ConfigError(place(file, "artifacts", id_), problem, "Give the artifact another name.")
    item = {**entry, "id": id_}
    paths = entry["path"] if isinstance(entry["path"], list) else [entry["path"]]
    absolute = [str(folder / path) for path in paths]
    item["roots"] = absolute
    given = absolute if isinstance(entry["path"], list) else absolute[0]
    try:
        item.update(apart.run(lambda: _stated(given), None if entry.get("trusted") else _around(absolute)))
    except detect.Unsupported as error:
        raise ConfigError(place(file, "artifacts", id_, "path"), error.problem, error.remedy) from error
    for key in ("custom_objects", "build", "inputs", "expected"):
        if isinstance(entry.get(key), str):
            item[key] = _named(entry[key], folder, place(file, "artifacts", id_, key))
    item["expected_names"] = _names(item.get("expected"))
    return item


def _stated(given):
    """What an artifact is, and what it states of itself, as far as its cells depend on it. Run apart."""
    found = detect.detect(given)
    stated = contents.stated(found.format, found.files)
    return {
        "format": found.format,
        "files": {name: str(path) for name, path in found.files.items()},
        "note": found.note,
        "traits": contents.traits(stated["config"], stated["compiled"]),
        "resumes": bool(stated["compiled"]),
    }


def _around(paths):
    """What may be read to tell what paths are: they, what they lead to, and the files beside a file or a prefix."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]
    return [*folders, *map(os.path.realpath, paths)]


def _named(value, folder, where):
    """A path, or ``path:function``, made absolute. Raises ConfigError if there is no such file."""
    path, colon, function = value.partition(":")
    if not (folder / path).is_file():
        problem = f"there is no file {folder / path}"
        raise ConfigError(where, problem, "Write it relative to the file that names it, or an absolute path.")
    return os.path.abspath(folder / path) + colon + function


def _names(expected):
    """The names of the expected outputs."""
    if isinstance(expected, str):
        with np.load(expected) as arrays:
            return sorted(arrays.files)
    return sorted(expected or ())


def cells(items, config, runtimes, file):
    """(cells, excluded) of all artifacts: every route that reads the format, in each consumer, for each use."""
    found, excluded = [], []
    for item in items.values():
        here = place(file, "artifacts", item["id"])
        chosen = item.get("consumers") or config.get("consumers")
        consumers = select(chosen, runtimes, f"{here}.consumers") if chosen else readers(preferred(runtimes))
        routes = [name for name in members.names("loaders") if members.member("loaders", name).IS_ROUTE]
        loaders = select(config.get("loaders") or "all", routes, f"{here}.loaders")
        uses = select(config.get("uses") or "all", USES, f"{here}.uses")
        for axes in ((c, name, use) for c in consumers for name in loaders for use in uses):
            reason = misfit(item, runtimes[axes[0]], *axes[1:])
            if reason is None:
                found.append(Cell("brought", item["id"], "none", item["format"], *axes))
            elif reason:
                excluded.append(
                    {**Cell("brought", item["id"], "none", item["format"], *axes)._asdict(), "reason": reason}
                )
        if not any(cell.model == item["id"] for cell in found):
            raise ConfigError(here, _unread(item, excluded), "docs/your_artifact.md lists the routes of each format.")
    return found, excluded


def readers(known):
    """The runtimes that read where none are chosen: those of the environments with the newest Keras 3 and tf_keras."""
    environments = {known[id_].environment for id_ in newest(known)}
    return [r.id for r in known.values() if r.environment in environments and r.api in APIS]


def misfit(item, runtime, name, use):
    """Why a route does not fit an artifact: a reason for the report; "" if nobody would expect it; None if it fits."""
    loader = runtime.member("loaders", name)
    layout = members.member("formats", item["format"]).LAYOUT
    reads = item["format"] in loader.READS_BROUGHT if loader.READS_BROUGHT else layout in loader.READS
    if not reads:
        return ""
    if runtime.api not in APIS:
        return f"{runtime.api} reads what keras2 reads: choose {runtime.environment}-keras2"
    lacking = sorted(key for key in loader.WANTS if not item.get(key))
    if lacking:
        return f"{loader.TITLE} needs `{lacking[0]}` in the artifact's entry"
    unmet = sorted(set(loader.REQUIRES) - set(item["traits"])) if "REQUIRES" in vars(loader) else []
    if unmet:
        return ""
    if use == "resume" and not ("optimizer_state" in loader.RESTORES and {"fit", "layers"} <= set(loader.GIVES)):
        return ""
    if use == "resume" and not item["resumes"]:
        return "the file states no compile arguments, so there is no training to resume"
    return runtime.lacks(loader, "loader")


def _unread(item, excluded):
    """Why no route reads an artifact: the first reason that was found, if one was."""
    if item["format"].startswith("weights"):
        return "it holds weights alone, and nothing reads them without their model: add `build: file.py:function`"
    reasons = [row["reason"] for row in excluded if row["model"] == item["id"]]
    return f"no selected route reads a {TITLES[item['format']]}" + (f" ({reasons[0]})" if reasons else "")


def listing(item):
    """[path, size, modification time] of each file of the artifact, and of those that its entry names."""
    files = {*item["files"].values()}
    files |= {item[k].partition(":")[0] for k in ("custom_objects", "build") if item.get(k)}
    files |= {item[k] for k in ("inputs", "expected") if isinstance(item.get(k), str)}
    return [[str(p), os.stat(p).st_size, os.stat(p).st_mtime_ns] for p in sorted(files)]


def sandbox(item, folder, readable):
    """The options of scripts/step.py for a step that opens the artifact; none where the user trusts it."""
    if item["trusted"]:
        return ""
    return shlex.join(["--sandbox", folder, *(f"--readable={os.path.abspath(path)}" for path in readable)])


def sources(item):
    """What a step may read to copy an artifact: what the user has named, but nothing to which a link leads from it."""
    out = links_out(item["files"], item["roots"])
    files = [file for name, file in item["files"].items() if name not in out]
    arrays = [item[key] for key in ("inputs", "expected") if isinstance(item.get(key), str)]
    return [*filter(os.path.isdir, item["roots"]), *files, *arrays]


def needed(item, loader):
    """What a step may read beside the copy: the user's own code, with what lies beside it, and what a loader needs."""
    code = [os.path.dirname(item[key].partition(":")[0]) for key in ("custom_objects", "build") if item.get(key)]
    return code + (["/proc"] if members.member("loaders", loader).STARTS_PROCESSES else [])
