"""The configuration of a run: checks every id before a job starts, and resolves the blocks of the matrix."""

import collections
from pathlib import Path

from host.schemas import ConfigError, place, validate
from host.select import pairs
from host.select.cells import AXES
from host.select.runtimes import preferred
from host.select.selection import one, select
from roundtrip import members

REASONS = 5  # how many are said where nothing is left
SELECTABLE = ("models", "modifiers", "formats", "loaders", "uses")


def resolve(config, known_runtimes, file="config"):
    """Validate the workflow's configuration and resolve its selections; returns the blocks of the matrix.

    Raises host.schemas.ConfigError, which suggests the most similar ids for an id or a glob that matches nothing.
    """
    validate(config, "config", file)
    if not config["matrix"] and not config["artifacts"]:
        problem = "it has no block, and `artifacts` is empty as well"
        raise ConfigError(place(file, "matrix"), problem, "Add a block; `- {}` selects everything.")
    blocks = []
    for number, block in enumerate(config["matrix"]):
        resolved = _runtimes(block, known_runtimes, place(file, "matrix", number))
        for axis in SELECTABLE:
            chosen = block.get(axis, "none" if axis == "modifiers" else "all")
            resolved[axis] = select(chosen, members.names(axis), place(file, "matrix", number, axis))
        blocks.append(resolved)
    return blocks


def refuse_nothing(cells, excluded, file):
    """Raise host.schemas.ConfigError if there is no cell: the report would be green without a proof."""
    if not cells:
        nearest = sorted(excluded, key=_reached, reverse=True)
        counts = collections.Counter(row["reason"] for row in nearest).most_common()  # of equals, the nearest first
        reasons = "; ".join(reason + (f", {number} times" if number > 1 else "") for reason, number in counts[:REASONS])
        more = f"; further reasons: {len(counts) - REASONS}" if len(counts) > REASONS else ""
        problem = f"none of the selected cells can be run ({reasons}{more})"
        raise ConfigError(place(file, "matrix"), problem, "Select members that fit together.")


def environment_folders(config, file):
    """The folders of environments' files. Raises host.schemas.ConfigError where one is not there."""
    folders = config["environments"] if isinstance(config["environments"], list) else []
    for number, folder in enumerate(folders):
        if not Path(folder).is_dir():
            problem = f"there is no folder {folder} (looked for in {Path.cwd()})"
            raise ConfigError(place(file, "environments", number), problem, "Create it, or name another one.")
    return ["envs", *folders]


def _reached(row):
    """The number of the last axis that an excluded entry names: the higher, the nearer it was to a cell."""
    return max(number for number, axis in enumerate(AXES) if row[axis] != "*")


def _runtimes(block, known, where):
    """``producers``, and ``consumers`` as {producer: [consumers]}, from a block's ``consumers`` or ``pairs``."""
    if "pairs" in block and "consumers" in block:
        raise ConfigError(where, "`consumers` and `pairs` both select the readers", "Remove one of them.")
    if isinstance(block.get("pairs"), list):
        return _named_pairs(block, known, where)
    producers = select(block.get("producers", list(preferred(known))), known, f"{where}.producers")
    if "consumers" in block:
        consumers = select(block["consumers"], known, f"{where}.consumers")
        return {"producers": producers, "consumers": {p: consumers for p in producers}}
    word = one(block.get("pairs", "same"), pairs.WORDS, f"{where}.pairs")
    consumers = pairs.consumers(word, producers, known)
    if not any(consumers.values()):
        problem = f"{word} pairs no runtime with {', '.join(producers)}"
        raise ConfigError(f"{where}.pairs", problem, "Select other producers, or use another word.")
    return {"producers": producers, "consumers": consumers}


def _named_pairs(block, known, where):
    """``producers`` and ``consumers`` from a list of pairs, whose ends are ids or globs."""
    if "producers" in block:
        problem = "a list of `pairs` already names the producers"
        raise ConfigError(where, problem, "Remove `producers`, or use a word for `pairs`.")
    readers = {}
    for number, ends in enumerate(block["pairs"]):
        producers, consumers = (select(end, known, f"{where}.pairs[{number}]") for end in ends)
        for producer in producers:
            readers.setdefault(producer, {}).update(dict.fromkeys(consumers))
    return {"producers": list(readers), "consumers": {p: list(ids) for p, ids in readers.items()}}
