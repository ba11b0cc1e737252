"""The configuration of a run: every id checked before a job starts, the blocks of the matrix resolved."""

from host.schemas import ConfigError, check, validate
from host.select import pairs
from roundtrip import members

SELECTABLE = ("models", "modifiers", "formats", "loaders", "uses")


def resolve(config, known_runtimes, file="config"):
    """Validate the workflow's configuration and resolve ``all``; returns the blocks of the matrix.

    Every id is checked; a misspelt one is answered with the nearest right one. Raises ConfigError.
    """
    validate(config, "config", file)
    if not config["matrix"] and not config["pretrained"]:
        raise ConfigError(f"{file}, matrix: it holds no block, and there is nothing in `pretrained` either.")
    blocks = []
    for number, block in enumerate(config["matrix"]):
        resolved = _runtimes(block, known_runtimes, f"{file}, matrix[{number}]")
        for axis in SELECTABLE:
            chosen = block.get(axis, ["none"] if axis == "modifiers" else "all")
            resolved[axis] = check(chosen, members.names(axis), f"{file}, matrix[{number}].{axis}")
        blocks.append(resolved)
    return blocks


def _runtimes(block, known, where):
    """``producers``, and ``consumers`` as {producer: [consumers]}: both of a block's ways to say who reads what."""
    if "pairs" in block and "consumers" in block:
        raise ConfigError(f"{where}: `consumers` and `pairs` both say who reads. Keep one of them.")
    chosen, named = block.get("pairs", "same"), isinstance(block.get("pairs"), list)
    if named and "producers" in block:
        raise ConfigError(f"{where}: `pairs` names the producers itself. Remove `producers`, or say a word in `pairs`.")
    if not named:
        check([chosen], list(pairs.WORDS), f"{where}.pairs")
    for i, pair in enumerate(chosen if named else ()):
        check(pair, list(known), f"{where}.pairs[{i}]")
    producers = list(dict.fromkeys(p for p, _ in chosen)) if named else block.get("producers", "all")
    producers = check(producers, list(known), f"{where}.producers")
    if "consumers" in block:
        readers = check(block["consumers"], list(known), f"{where}.consumers")
        return {"producers": producers, "consumers": {p: readers for p in producers}}
    found = pairs.consumers(chosen, producers, known)
    if not any(found.values()):
        raise ConfigError(f"{where}.pairs: there is no runtime that {chosen} could pair with {', '.join(producers)}.")
    return {"producers": producers, "consumers": found}
