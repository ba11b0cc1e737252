"""``import_meta_graph``, then ``saver.restore`` of the latest checkpoint: no code is needed except the tensor names."""

import os

from roundtrip.loaded import Loaded
from roundtrip.loaders import WHOLE_MODEL, _graphs, _restored, only_file

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


def read(ctx, path):
    graph, session = _graphs.session(ctx)
    prefix = only_file(path, ".meta")[: -len(".meta")]
    with graph.as_default():
        ctx.v1.train.import_meta_graph(prefix + ".meta").restore(session, prefix)
        values = _graphs.variables(ctx, graph, session)
    if not (ctx.item.get("outputs") or ctx.item.get("expected_names")):
        return Loaded(
            variables=values, keep=session
        )  # a training graph has many ends: which is the output must be said
    return _graphs.loaded(graph, session, ctx.item, values)
