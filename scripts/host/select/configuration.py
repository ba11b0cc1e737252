"""The configuration of a run: every id checked before a job starts, the blocks of the matrix resolved."""

from host.schemas import ConfigError, place, validate
from host.select import pairs
from host.select.cells import AXES
from host.select.selection import one, select
from roundtrip import members

SELECTABLE = ("models", "modifiers", "formats", "loaders", "uses")


def resolve(config, known_runtimes, file="config"):
    """Validate the workflow's configuration and resolve its selections; returns the blocks of the matrix.

    Raises host.schemas.ConfigError; an id or a glob that matches nothing is answered with the nearest ids.
    """
    validate(config, "config", file)
    if not config["matrix"] and not config["pretrained"]:
        problem = "it holds no block, and there is nothing in `pretrained` either"
        raise ConfigError(place(file, "matrix"), problem, "Add a block, or `- {}` for everything.")
    blocks = []
    for number, block in enumerate(config["matrix"]):
        resolved = _runtimes(block, known_runtimes, place(file, "matrix", number))
        for axis in SELECTABLE:
            chosen = block.get(axis, "none" if axis == "modifiers" else "all")
            resolved[axis] = select(chosen, members.names(axis), place(file, "matrix", number, axis))
        blocks.append(resolved)
    return blocks


def refuse_nothing(cells, excluded, file):
    """Raise host.schemas.ConfigError where there is no cell: nothing would be proved, and the report would be green."""
    if not cells:
        nearest = sorted(excluded, key=_reached, reverse=True)
        reasons = list(dict.fromkeys(row["reason"] for row in nearest))
        problem = f"no cell that it selects can be run ({'; '.join(reasons[:3])})"
        raise ConfigError(place(file, "matrix"), problem, "Select members that go together.")


def _reached(row):
    """At which axis something was left out: the later, the nearer it was to a cell."""
    return max(number for number, axis in enumerate(AXES) if row[axis] != "*")


def _runtimes(block, known, where):
    """``producers``, and ``consumers`` as {producer: [consumers]}: both of a block's ways to say who reads what."""
    if "pairs" in block and "consumers" in block:
        raise ConfigError(where, "`consumers` and `pairs` both say who reads", "Keep one of them.")
    if isinstance(block.get("pairs"), list):
        return _named_pairs(block, known, where)
    producers = select(block.get("producers", "all"), known, f"{where}.producers")
    if "consumers" in block:
        consumers = select(block["consumers"], known, f"{where}.consumers")
        return {"producers": producers, "consumers": {p: consumers for p in producers}}
    word = one(block.get("pairs", "same"), pairs.WORDS, f"{where}.pairs")
    consumers = pairs.consumers(word, producers, known)
    if not any(consumers.values()):
        problem = f"there is no runtime that {word} could pair with {', '.join(producers)}"
        raise ConfigError(f"{where}.pairs", problem, "Choose other producers, or another word.")
    return {"producers": producers, "consumers": consumers}


def _named_pairs(block, known, where):
    """The same of pairs that are named: each end is an id or a glob."""
    if "producers" in block:
        problem = "`pairs` names the producers itself"
        raise ConfigError(where, problem, "Remove `producers`, or write a word for `pairs`.")
    readers = {}
    for number, ends in enumerate(block["pairs"]):
        producers, consumers = (select(end, known, f"{where}.pairs[{number}]") for end in ends)
        for producer in producers:
            readers.setdefault(producer, {}).update(dict.fromkeys(consumers))
    return {"producers": list(readers), "consumers": {p: list(ids) for p, ids in readers.items()}}
