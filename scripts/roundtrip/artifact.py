"""An artifact: what is recorded of it, the live model before and after it was written, and its way to another place."""

import contextlib
import fnmatch
import hashlib
import os
import shutil
import tempfile

from roundtrip import state
from roundtrip.faults import NotRun
from roundtrip.record import read_record

#: what Snakemake puts into a folder that is an output
TIMESTAMP = ".snakemake_timestamp"


def trained(ctx, record, model):
    """What a loaded model is compared with: variables, description, predictions, evaluation."""
    captured = ctx.capture(model)
    structure, leaves = ctx.predict(model)
    return {
        "state": record.state(captured),
        "state_digest": state.state_digest(captured),
        "describe": ctx.describe(model),
        "predictions": {"structure": structure, "leaves": [record.array(x) for x in leaves]},
        "evaluation": ctx.evaluate(model),
    }


def look(ctx, model):
    """What saving must leave as it was: every variable, the description, the predictions."""
    _, leaves = ctx.predict(model)
    return {
        "state": {e["name"]: state.digest(e["value"]) for e in ctx.capture(model)},
        "describe": ctx.describe(model),
        "predictions": [state.digest(x) for x in leaves],
    }


def write_facts(facts, folder, fmt):
    """Add every file, every empty folder, and what the format does not call its own, to a manifest."""
    facts["files"] = listing(folder)
    facts["empty_folders"] = empty_folders(folder)
    facts["strays"] = strays(folder, fmt)


def strays(folder, fmt):
    """What a save left beside the artifact: the folder's entries with which no path that the format declares begins."""
    own = [glob.split("/")[0] for paths in (fmt.FILES, fmt.OPTIONAL_FILES, fmt.EMPTY) for glob in paths]
    return sorted(name for name in os.listdir(folder) if not any(fnmatch.fnmatch(name, glob) for glob in own))


@contextlib.contextmanager
def moved(manifest, out):
    """The artifact beside a manifest, copied to another place below ``out`` and removed again.

    Strays stay behind: a user takes along what the format is said to consist of, and a loader finds nothing else.
    """
    source, facts = os.path.join(os.path.dirname(manifest), "artifact"), read_record(manifest)
    place = tempfile.mkdtemp(prefix="moved-", dir=out)
    left = facts["strays"] + [TIMESTAMP]
    try:
        target = os.path.join(place, "artifact")
        if os.path.isdir(source):
            shutil.copytree(source, target, ignore=lambda folder, names: left if folder == source else ())
        changes = changed(facts, target)
        if changes:
            os.remove(manifest)  # so that the next run saves it again
            raise NotRun("%s is not what was saved: %s. It is saved again by the next run." % (source, changes))
        yield target
    finally:
        shutil.rmtree(place, ignore_errors=True)


def changed(facts, folder):
    """How a copy of an artifact differs from what its manifest lists, in words; empty where it does not."""
    saved = {f["path"]: f["sha256"] for f in facts["files"] if f["path"].split(os.sep)[0] not in facts["strays"]}
    copied = {f["path"]: f["sha256"] for f in listing(folder)}
    words = ["%s is missing" % path for path in sorted(set(saved) - set(copied))]
    words += ["%s was added" % path for path in sorted(set(copied) - set(saved))]
    words += ["%s has other bytes" % path for path in sorted(saved) if copied.get(path, saved[path]) != saved[path]]
    return ", ".join(words)


def listing(folder):
    """[{"path", "size" in bytes, "sha256"}] of every file below the folder."""
    files = []
    for base, _, inside in sorted(os.walk(folder)):
        for name in sorted(inside):
            path = os.path.join(base, name)
            with open(path, "rb") as f:
                content = f.read()
            files.append(
                {
                    "path": os.path.relpath(path, folder),
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
    return files


def empty_folders(folder):
    """The folders below the folder that hold nothing, sorted."""
    return sorted(os.path.relpath(base, folder) for base, below, inside in os.walk(folder) if not below and not inside)
