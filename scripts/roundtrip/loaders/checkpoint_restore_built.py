"""Build the model and its optimizer's variables from code, then ``Checkpoint(...).restore(latest_checkpoint)``."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer, checkpoint_restore

TITLE = "code + optimizer.build + Checkpoint.restore"
APIS = {"keras3": "", "keras2": ">=2.11"}
BACKENDS = ("tensorflow",)
READS = checkpoint_restore.READS
RESTORES = checkpoint_restore.RESTORES
SUPPLIES = FROM_CODE
BUILDS_OPTIMIZER = True
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    build_optimizer(model)
    status = checkpoint_restore.restore(ctx, model, artifact)
    return Loaded(model, keep=status, facts={"restore_status": checkpoint_restore.facts_of(status)})
