"""Build the model from its code, ``Checkpoint(...).restore(latest)``, run the restore ops, then apply the rewrite."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, _rewriting, session_checkpoint_restore

TITLE = "code + Checkpoint.restore, then rewrite"
APIS = {"keras2_graph": ""}
READS = session_checkpoint_restore.READS
RESTORES = session_checkpoint_restore.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
REQUIRES_MODIFIER = _rewriting.REWRITES


def load(ctx, artifact):
    model = ctx.build()
    status = session_checkpoint_restore.restore(ctx, model, artifact)
    return Loaded(_rewriting.rewrite(ctx, model), keep=status)
