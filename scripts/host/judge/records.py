"""Reads and writes the records of a path: checks each against its schema, and refuses records of another path."""

import dataclasses
import functools
import pathlib
import sys
import zipfile
import zlib

import jsonschema
import numpy as np

from host.judge.numbers import Arrays
from roundtrip import faults, records
from roundtrip.artifact import changed_beside
from roundtrip.record import known_keys, read_record, write_json

#: outcomes of a step that may have ended before it recorded its cell
BEFORE_IT_BEGAN = ("unbuildable", "not_reached", "crashed", "timeout", "out_of_memory")


class RecordError(ValueError):
    """A record is invalid or belongs to another path. That is a fault of ours or an edited file, never a verdict.

    ``path`` is the file's, None where the record was not written yet.
    """

    def __init__(self, message, path=None):
        super().__init__(message)
        self.path = path


@functools.cache
def _validator(kind):
    return jsonschema.Draft202012Validator(records.SCHEMAS[kind])


def read(kind, path):
    """The facts of a record. Raises RecordError, which names the file and the place, if they violate the schema."""
    try:
        facts = read_record(path)
    except faults.NotRun as error:
        raise RecordError(str(error), path) from error
    error = jsonschema.exceptions.best_match(_validator(kind).iter_errors(facts))
    if error:
        raise RecordError(f"{path}: {error.json_path} violates the schema of a {kind}: {error.message[:300]}", path)
    return facts


def write(kind, path, facts):
    """Write a record. Raises RecordError if it violates the schema."""
    error = jsonschema.exceptions.best_match(_validator(kind).iter_errors(facts))
    if error:
        raise RecordError(f"{error.json_path} violates the schema of a {kind}: {error.message[:300]}")
    write_json(path, facts)


def belongs(facts, cell, path):
    """Raise RecordError if a record does not belong to ``cell`` (axis -> id), or lacks one of its axes."""
    stated = facts["cell"]
    if stated is None and facts["outcome"] in BEFORE_IT_BEGAN:
        return
    partly = facts["outcome"] == "not_reached"
    for axis, wanted in cell.items():
        given = (stated or {}).get(axis)
        if given != wanted and not (partly and given is None):
            words = f"{path}: its {axis} is {given!r}, not {wanted!r}. The next run makes the file again."
            raise RecordError(words, path)


@dataclasses.dataclass(frozen=True)
class Files:
    """The paths of the three records; the arrays are in an ``.npz`` beside each."""

    reference: str
    manifest: str
    observed: str


@dataclasses.dataclass(frozen=True)
class Records:
    """The facts of a path's three records, and the arrays of the reference and the observation."""

    reference: dict
    manifest: dict
    observed: dict
    arrays: tuple
    #: the reference of the step that trained, where another one stands in its place
    first_reference: dict | None = None

    def with_reference(self, facts):
        """The same with another reference, whose arrays are those of the manifest too."""
        return dataclasses.replace(self, reference=facts, first_reference=self.reference)

    @classmethod
    def read(cls, files, cell):
        """Read the records of a cell (axis -> id). Raises RecordError if one belongs to another cell."""
        facts = {}
        for kind, axes in (("reference", 3), ("manifest", 4), ("observed", len(cell))):
            path = getattr(files, kind)
            facts[kind] = read(kind, path)
            known = facts[kind]["cell"] or {}
            # the record of an artifact that a bridge saved has more axes than that of a plain save
            belongs(facts[kind], {a: v for i, (a, v) in enumerate(cell.items()) if i < axes or a in known}, path)
        reference, observed = arrays_beside(files.reference), arrays_beside(files.observed)
        if "own" in facts["manifest"]:
            reference.update(arrays_beside(files.manifest))
        refuse_lacking(facts["reference"], reference, files.reference)
        refuse_lacking(facts["observed"], {**reference, **observed}, files.observed)
        return cls(**facts, arrays=(Arrays(reference), Arrays(observed, reference)))


def arrays_beside(path):
    """{key: array} from the ``.npz`` beside a record; empty if there is none."""
    npz = pathlib.Path(path).with_suffix(".npz")
    try:
        with np.load(npz) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise RecordError(f"{npz} cannot be read ({error}). The next run makes it again.", str(npz)) from error


def refuse_lacking(facts, arrays, path):
    """Raise RecordError where an array that a record names is not in its ``.npz``: that is another record's file."""
    lacking = sorted(known_keys(facts) - set(arrays))
    if lacking:
        words = f"the .npz beside it lacks {len(lacking)} of its arrays. The next run makes it again."
        raise RecordError(f"{path}: {words}", path)


def refuse_changed(manifest, path):
    """Raise RecordError where a file beside a manifest, with which its copy is judged, is not as it was taken."""
    changes = changed_beside(manifest, str(pathlib.Path(path).parent))
    if changes:
        raise RecordError(f"beside {path} {changes}. The next run copies the artifact again.", path)


def write_verdict(path, judge):
    """Write the verdict that ``judge()`` gives, and return the exit code.

    Where it raises RecordError, the path is not run: the reason is left beside, the damaged file is removed so that the
    next run makes it again.
    """
    left = pathlib.Path(path).with_name(faults.FILE)
    faults.discard(left)
    try:
        verdict = judge()
    except RecordError as error:
        print(f"not run: {error}", file=sys.stderr)
        faults.leave(str(left.parent), None, str(error))
        if error.path:
            faults.discard(error.path)
        return faults.EXIT_CODE
    write("verdict", path, verdict)
    return 0
