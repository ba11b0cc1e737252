"""``import_meta_graph``, then ``saver.restore`` of the latest checkpoint: no code is needed except the tensor names."""

import os

from roundtrip.loaded import Loaded
from roundtrip.loaders import WHOLE_MODEL, _restored, only_file

TITLE = "import_meta_graph + restore"
APIS = {"tf1": ""}
READS = ("saver_v2", "meta_graph_checkpoint")
RESTORES = WHOLE_MODEL
GIVES = _restored.EVERYTHING


def load(ctx, artifact):
    model = _restored.empty(ctx)
    latest = _restored.latest(ctx, artifact)
    with model.graph.as_default():
        saver = ctx.rt.v1.train.import_meta_graph(meta(artifact, latest))
        saver.restore(model.session, latest)
    return Loaded(model, facts={"uninitialized": model.uninitialized()})


def meta(artifact, latest):
    """The checkpoint's own ``.meta``, or else the only one."""
    own = latest + ".meta"
    return own if os.path.exists(own) else only_file(artifact, ".meta")
