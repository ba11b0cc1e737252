"""Build the model from its code, ``Saver().restore(session, latest)``, then apply the rewrite."""

from roundtrip.lms.trace import make_train_function
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, _rewriting, build_saver_restore

TITLE = "code + Saver.restore, Keras' session, then rewrite"
APIS = {"keras2_graph": ""}
READS = build_saver_restore.READS
RESTORES = build_saver_restore.RESTORES
SUPPLIES = FROM_CODE  # no page mentions a rewrite after a Saver
GIVES = EVERYTHING
WITHDRAWS = build_saver_restore.WITHDRAWS
REQUIRES_MODIFIER = _rewriting.REWRITES


def load(ctx, artifact):
    model = ctx.build()
    make_train_function(model)
    build_saver_restore.restore(ctx, artifact)
    return Loaded(_rewriting.rewrite(ctx, model))
