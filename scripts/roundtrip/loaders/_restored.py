"""What the loaders of TensorFlow 1 checkpoints share."""

import os

from roundtrip.session_model import SessionModel

EVERYTHING = ("predict", "evaluate", "fit")


def latest(ctx, artifact):
    """``latest_checkpoint(folder)``; ValueError where it leads out of the folder, to where the files once were."""
    found = ctx.rt.v1.train.latest_checkpoint(artifact)
    if found is None or not os.path.abspath(found).startswith(os.path.abspath(artifact) + os.sep):
        raise ValueError("latest_checkpoint of %s gives %s" % (artifact, found))
    return found


def empty(ctx, prefix=""):
    """A graph with a session, with nothing in it yet but the names that the model's code knows."""
    return SessionModel(ctx.rt, ctx.module.NAMES, prefix=prefix)
