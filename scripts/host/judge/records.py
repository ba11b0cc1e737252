"""The records of a path, read through their declared schemas, and refused where they belong to another path."""

import dataclasses
import functools
import pathlib

import jsonschema
import numpy as np

from host.judge.numbers import Arrays
from roundtrip import records
from roundtrip.record import read_json, write_json

#: outcomes of a step that may have ended before it knew what it was for
BEFORE_IT_BEGAN = ("unbuildable", "not_reached", "crashed", "timeout", "out_of_memory")


class RecordError(ValueError):
    """A record that is not what it should be: a fault of ours, or of whoever changed the file. Never a verdict."""


@functools.cache
def _validator(kind):
    return jsonschema.Draft202012Validator(records.SCHEMAS[kind])


def read(kind, path):
    """A record's facts. Raises RecordError, which names the file and the place, where its schema does not allow it."""
    facts = read_json(path)
    error = jsonschema.exceptions.best_match(_validator(kind).iter_errors(facts))
    if error:
        raise RecordError(f"{path}: {error.json_path} is not what a {kind} holds: {error.message[:300]}")
    return facts


def write(kind, path, facts):
    """Write a record; RecordError where its schema does not allow it."""
    error = jsonschema.exceptions.best_match(_validator(kind).iter_errors(facts))
    if error:
        raise RecordError(f"{error.json_path} is not what a {kind} holds: {error.message[:300]}")
    write_json(path, facts)


def belongs(facts, cell, path):
    """Raise RecordError where a record states another path than ``cell`` (axis -> id), or does not state it all."""
    stated = facts["cell"]
    if stated is None and facts["outcome"] in BEFORE_IT_BEGAN:
        return
    partly = facts["outcome"] == "not_reached"
    for axis, wanted in cell.items():
        given = (stated or {}).get(axis)
        if given != wanted and not (partly and given is None):
            raise RecordError(f"{path}: it is of the {axis} {given!r}, not of {wanted!r}. Remove it and run again.")


@dataclasses.dataclass(frozen=True)
class Files:
    """Where the three records of a path lie; the arrays lie beside them."""

    reference: str
    manifest: str
    observed: str


@dataclasses.dataclass(frozen=True)
class Records:
    """The facts of a path's three records, and the arrays of the first and the last."""

    reference: dict
    manifest: dict
    observed: dict
    arrays: tuple

    @classmethod
    def read(cls, files, cell):
        """Read the records of a cell (axis -> id). Raises RecordError where one is not a record of it."""
        facts = {}
        for kind, axes in (("reference", 3), ("manifest", 4), ("observed", len(cell))):
            path = getattr(files, kind)
            facts[kind] = read(kind, path)
            known = facts[kind]["cell"] or {}
            # an artifact that was saved again on the way states more than the axes that every one has
            belongs(facts[kind], {a: v for i, (a, v) in enumerate(cell.items()) if i < axes or a in known}, path)
        reference = arrays_beside(files.reference)
        return cls(**facts, arrays=(Arrays(reference), Arrays(arrays_beside(files.observed), reference)))


def arrays_beside(path):
    """{key: array} of the ``.npz`` beside a record."""
    npz = pathlib.Path(path).with_suffix(".npz")
    return dict(np.load(npz)) if npz.exists() else {}
