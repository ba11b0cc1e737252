"""What a step leaves behind: a ``.json`` of facts and an ``.npz`` of arrays, written whole or not at all."""

import io
import json
import os

import numpy as np

from roundtrip import records, schema
from roundtrip.faults import NotRun
from roundtrip.records.seal import is_whole, sealed
from roundtrip.state import digest


class Record(object):
    """Facts (JSON) and arrays (NumPy) of one step.

    An array is listed among the facts as {"dtype", "shape", "sha256", "key"}; its bytes go into the
    ``.npz``, except where ``known`` already has an array of that SHA-256 (a reference that holds it):
    bit-identical states of a thousand cells then cost no disk.

    Parameters
    ----------
    kind : str
        A key of roundtrip.records.SCHEMAS, which says what may be in it.
    cell : dict or None
        {axis: id}: the path that it belongs to, as far as it has come.
    """

    def __init__(self, kind, cell):
        self.kind, self.facts = kind, {"cell": cell}
        self._arrays = {}

    def array(self, value):
        """Keep an array; returns the entry that stands for it among the facts.

        bfloat16, which the ``.npz`` format does not know, is kept as its bits (uint16); strings as UTF-8.
        """
        value = np.asarray(value)
        entry = {"dtype": value.dtype.name, "shape": list(value.shape), "sha256": digest(value)}
        if value.dtype.name == "bfloat16":
            value = value.view(np.uint16)
        elif value.dtype == object:
            value = np.array([_text(x) for x in value.ravel()]).reshape(value.shape)
        entry["key"] = entry["sha256"][:16]
        self._arrays[entry["key"]] = value
        return entry

    def state(self, captured):
        """The entries of a captured state (roundtrip.state.capture)."""
        return [dict(self.array(e["value"]), name=e["name"], role=e["role"]) for e in captured]

    def write(self, folder, name, known=()):
        """Write ``<name>.npz``, then ``<name>.json``; the JSON's presence means that both are whole.

        Raises roundtrip.schema.Undeclared where the facts are not what the record's schema declares.
        """
        facts = sealed(self.facts)
        schema.check(facts, records.SCHEMAS[self.kind], self.kind)
        kept = {k: v for k, v in self._arrays.items() if k not in known}
        buffer = io.BytesIO()
        np.savez(buffer, **kept)
        write_atomic(os.path.join(folder, name + ".npz"), buffer.getvalue())
        write_json(os.path.join(folder, name + ".json"), facts)


def read_record(path):
    """The facts of a record of an earlier step. Raises roundtrip.faults.NotRun where it is not as it was written."""
    try:
        facts = read_json(path)
    except (OSError, ValueError) as error:
        raise NotRun("%s cannot be read (%s). The next run makes it again." % (path, error)) from error
    if not is_whole(facts):
        raise NotRun("%s was changed since it was written. The next run makes it again." % path)
    return facts


def _text(x):
    return x.decode("utf-8", "replace") if isinstance(x, bytes) else str(x)


def known_keys(facts):
    """The keys of all array entries anywhere in a record's facts."""
    if isinstance(facts, dict):
        if "sha256" in facts and "key" in facts:
            return {facts["key"]}
        facts = list(facts.values())
    keys = set()
    for value in facts if isinstance(facts, list) else ():
        if isinstance(value, (dict, list)):
            keys |= known_keys(value)
    return keys


def plain(value):
    """JSON's types for whatever a Keras config may hold; what has no equal becomes its ``repr``."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):  # JSON knows one kind of sequence: a config that passed through it too
        return [plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return [plain(v) for v in sorted(value, key=str)]
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (np.generic, np.ndarray)):
        return plain(value.tolist())
    name = getattr(value, "__name__", None) or getattr(value, "name", None)
    return name if isinstance(name, str) else "%s object" % type(value).__name__


def write_json(path, value):
    write_atomic(path, json.dumps(value, indent=1, sort_keys=True).encode("utf-8"))


def read_json(path):
    with io.open(path, encoding="utf-8") as f:
        return json.load(f)


def write_atomic(path, content):
    """Write bytes to a temporary file beside ``path`` and rename it into place."""
    temporary = "%s.%d.tmp" % (path, os.getpid())
    with open(temporary, "wb") as f:
        f.write(content)
    os.replace(temporary, path)


def as_float32(value):
    """Numbers as float32, which an optimizer of Keras 2 makes of some once training has made them variables."""
    if isinstance(value, dict):
        return {k: as_float32(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_float32(v) for v in value]
    return float(np.float32(value)) if isinstance(value, float) else value
