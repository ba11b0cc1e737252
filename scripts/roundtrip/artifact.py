"""An artifact: what is recorded of it, the live model before and after it was written, and its way to another place."""

import contextlib
import fnmatch
import hashlib
import os
import shutil
import tempfile

from roundtrip import state
from roundtrip.faults import NotRun, discard
from roundtrip.record import read_record

#: what Snakemake puts into a folder that is an output
TIMESTAMP = ".snakemake_timestamp"
#: bytes of a file that are in memory at a time
CHUNK = 1 << 20


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
            discard(manifest)  # so that the next run saves it again; a sandboxed step may not: the host does it
            raise NotRun("%s is not what was saved: %s. It is saved again by the next run." % (source, changes))
        yield target
    finally:
        shutil.rmtree(place, ignore_errors=True)


def changed(facts, folder):
    """How an artifact, or a copy of it, differs from what its manifest lists, in words; empty where it does not."""
    left = facts["strays"] + [TIMESTAMP]
    both = facts["files"], listing(folder)
    return differences(*([f for f in files if f["path"].split(os.sep)[0] not in left] for files in both))


def changed_beside(facts, folder):
    """The same of the files beside a manifest that belong to it: what a brought artifact is read with."""
    listed = facts["brought"]["beside"]
    there = [f["path"] for f in listed if os.path.isfile(os.path.join(folder, f["path"]))]
    return differences(listed, [entry(folder, path) for path in there])


def differences(listed, now):
    """How files differ from those that were listed, in words; both are lists of entries."""
    saved, there = ({f["path"]: f["sha256"] for f in files} for files in (listed, now))
    words = ["%s is missing" % path for path in sorted(set(saved) - set(there))]
    words += ["%s was added" % path for path in sorted(set(there) - set(saved))]
    words += ["%s has other bytes" % path for path in sorted(saved) if there.get(path, saved[path]) != saved[path]]
    return ", ".join(words)


def listing(folder):
    """The entry of every file below the folder."""
    paths = [os.path.join(base, name) for base, _, inside in sorted(os.walk(folder)) for name in sorted(inside)]
    return [entry(folder, os.path.relpath(path, folder)) for path in paths]


def entry(folder, path):
    """{"path", "size" in bytes, "sha256"} of a file, by its path below the folder; it may be larger than memory."""
    size, digest = 0, hashlib.sha256()
    with open(os.path.join(folder, path), "rb") as f:
        for chunk in iter(lambda: f.read(CHUNK), b""):
            size += len(chunk)
            digest.update(chunk)
    return {"path": path, "size": size, "sha256": digest.hexdigest()}


def empty_folders(folder):
    """The folders below the folder that hold nothing, sorted."""
    return sorted(os.path.relpath(base, folder) for base, below, inside in os.walk(folder) if not below and not inside)
