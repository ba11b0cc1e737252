"""``load_model(path)``, then apply the rewrite: the only order for a user who has a saved model and no code."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, LAMBDA, WHOLE_MODEL, _rewriting, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model, then rewrite"
APIS = {"keras2_graph": ""}
READS = ("h5",)
RESTORES = WHOLE_MODEL
GIVES = EVERYTHING
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)
REQUIRES_MODIFIER = _rewriting.REWRITES
LINK = _rewriting.CLAIM  # it says that load_model needs the rewrite as an argument, and promises nothing for this order


def load(ctx, artifact):
    ctx.custom_objects()
    return Loaded(_rewriting.rewrite(ctx, ctx.keras.models.load_model(only_file(artifact))))
