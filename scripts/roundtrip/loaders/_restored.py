"""Functions for the loaders of TensorFlow 1 checkpoints."""

import os

from roundtrip.session_model import SessionModel

EVERYTHING = ("predict", "evaluate", "fit")


def latest(ctx, artifact):
    """``latest_checkpoint(folder)``. Raises ValueError if the path is outside the folder (the original folder)."""
    found = ctx.rt.v1.train.latest_checkpoint(artifact)
    if found is None or not os.path.abspath(found).startswith(os.path.abspath(artifact) + os.sep):
        raise ValueError("latest_checkpoint of %s gives %s" % (artifact, found))
    return found


def empty(ctx, prefix=""):
    """An empty graph with a session, and the names that the model's code uses."""
    return SessionModel(ctx.rt, ctx.module.NAMES, prefix=prefix)
