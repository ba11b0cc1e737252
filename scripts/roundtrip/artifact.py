"""What is recorded of an artifact: its files, and the live model before and after they were written."""

import hashlib
import os

from roundtrip import state


def look(ctx, model):
    """What saving must leave as it was: every variable, the description, the predictions."""
    _, leaves = ctx.predict(model)
    return {
        "state": {e["name"]: state.digest(e["value"]) for e in ctx.capture(model)},
        "describe": ctx.describe(model),
        "predictions": [state.digest(x) for x in leaves],
    }


def write_facts(facts, folder):
    """Add every file and every empty folder to a manifest."""
    facts["files"] = listing(folder)
    facts["empty_folders"] = empty_folders(folder)


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
