"""compatibility.json: the answers of a run as one file, in the form of config/schemas/compatibility.schema.yaml.

The page reads the same data. Nothing in it depends on how a page shows it.
"""

import json

import jsonschema
import yaml

from host.report.answers import effects
from host.report.answers.fields import KEY, SIGNS, fields
from host.report.answers.versions import ranges
from host.report.answers.ways import around, ways
from host.report.cells import counts, notes
from host.schemas import SCHEMAS
from host.select import runtimes as runtimes_
from host.select.configuration import USUAL

#: raised when a reader of the file would have to change
SCHEMA_VERSION = "1.0"


def data(cells, known, when, name):
    """The answers of judged cells as plain JSON.

    Parameters
    ----------
    cells : list of dict
        As returned by ``host.report.cells.judge``.
    known : dict
        {id: host.select.runtimes.Runtime}.
    when : datetime.datetime
    name : str
        The name of the run's configuration.
    """
    found, tried = fields(cells), ways(cells)
    findings = {cell["path"]: cell.get("findings") or [] for cell in cells}
    present = {id_: known[id_] for key in found for id_ in key[:2] if id_ in known}
    return {
        "schema_version": SCHEMA_VERSION,
        "made": {
            "date": when.date().isoformat(),
            "configuration": name,
            "cells": len(cells),
            "verdicts": {id_: n for id_, n in counts(cells).items() if n},
            "notes": notes(cells),
        },
        "newest": [id_ for id_ in runtimes_.newest(present) if (id_, id_) in {key[:2] for key in found}],
        "runtimes": [runtime(present[id_]) for id_ in sorted(present, key=lambda i: _order(present[i]))],
        "uses": [{"id": id_, "question": text} for id_, text in effects.USES.items()],
        "formats": formats(cells, found),
        "statuses": [{"id": id_, "sign": sign} for id_, sign in SIGNS.items()],
        "support": [entry(found[key], around(found[key], tried), findings) for key in sorted(found)],
        "versions": ranges(found, present),
    }


def _order(runtime):
    return runtime.api, runtime.tensorflow, runtime.version, runtime.id


def runtime(runtime_):
    """A runtime's id, api, the versions of its Keras and TensorFlow, its backend, and what people call it."""
    return {
        "id": runtime_.id,
        "name": name(runtime_),
        "api": runtime_.api,
        "keras": runtime_.version,
        "tensorflow": runtime_.tensorflow,
        "backend": runtime_.backend,
    }


def name(runtime_):
    """What people call a runtime: ``Keras 3.15.1``, ``tf_keras 2.21.0``, ``tf.keras of TensorFlow 2.4.4``."""
    backend = "" if runtime_.backend == "tensorflow" else f" on {runtime_.backend}"
    graph = " in graph mode" if runtime_.api == "keras2_graph" else ""
    if runtime_.api == "keras3":
        return f"Keras {runtime_.version}{backend}, TensorFlow {runtime_.tensorflow}"
    if runtime_.api == "tf1":
        return f"tf.compat.v1 of TensorFlow {runtime_.tensorflow}"
    if runtime_.module == "tf_keras":
        return f"tf_keras {runtime_.version}{graph}"
    return f"tf.keras of TensorFlow {runtime_.tensorflow}{graph}"


def formats(cells, found):
    """[{id, title}] of the formats that have fields: those that a user thinks of first come first."""
    titles = {cell["cell"]["format"]: (cell.get("titles") or {}).get("format") for cell in cells}
    present = {key[2] for key in found}
    order = [f for f in USUAL["formats"] if f in present]
    return [{"id": f, "title": titles.get(f) or f} for f in order + sorted(present - set(order))]


def entry(field, way, findings):
    """A field as plain JSON, with the way around it. ``findings`` are the ids by cell."""
    return {
        **{axis: getattr(field, axis) for axis in KEY},
        "status": field.status,
        "words": field.words,
        "works": field.works,
        "models": field.models,
        "promised": field.promised,
        "groups": [group(g, findings) for g in field.groups],
        "way_around": way._asdict() if way else None,
    }


def group(group_, findings):
    """The models to which the same happens, with one cell as evidence, and the findings behind it."""
    ids = dict.fromkeys(id_ for cell in group_.cells for id_ in findings[cell])
    return {
        **group_.effect._asdict(),
        "models": list(group_.models),
        "cell": group_.cells[0],
        "findings": list(ids),
    }


def validate(value):
    """Raise jsonschema.ValidationError unless the data have the form that the schema describes."""
    jsonschema.validate(value, schema(), jsonschema.Draft202012Validator)


def schema():
    """The schema of the file, as plain data."""
    return yaml.safe_load((SCHEMAS / "compatibility.schema.yaml").read_text(encoding="utf-8"))


def text(value):
    """The file's text: an entry of ``support`` a line, so that two versions of it can be compared line by line."""
    head = {key: some for key, some in value.items() if key not in ("support", "versions")}
    lines = json.dumps(head, indent=1, ensure_ascii=False)[:-2]
    for key in ("support", "versions"):
        rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value[key])
        lines += f',\n "{key}": [\n{rows}\n ]' if rows else f',\n "{key}": []'
    return lines + "\n}\n"
