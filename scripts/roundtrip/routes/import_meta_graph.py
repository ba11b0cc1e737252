"""``import_meta_graph`` and ``restore`` of a checkpoint with a MetaGraph beside it."""

import os

from roundtrip.routes import Reading, _graphs

TITLE = "import_meta_graph + restore"
APIS = {"tf1": ""}
READS = ("checkpoint",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph"


def run(ctx, path, wanted):
    prefix = prefix_of(ctx, path)
    if not os.path.isfile(prefix + ".meta"):
        raise ValueError("there is no MetaGraph %s.meta: the graph must come from code" % os.path.basename(prefix))
    graph, session = _graphs.session(ctx)
    with graph.as_default():
        ctx.v1.train.import_meta_graph(prefix + ".meta").restore(session, prefix)
        variables = ctx.v1.global_variables()
        values = session.run({v.op.name: v.value() for v in variables}) if variables else {}
    if not wanted.outputs:
        return Reading({}, None, values)  # a training graph has many ends: which is the output must be said
    sig = _graphs.signature(graph, wanted.outputs)
    return Reading({"graph": sig}, _graphs.run(graph, session, sig, wanted), values)


def prefix_of(ctx, path):
    """The checkpoint's prefix: for a folder the latest or the only one; for a file its path without ``.index``."""
    if not os.path.isdir(path):
        return path[: -len(".index")] if path.endswith(".index") else path
    latest = ctx.v1.train.latest_checkpoint(path)
    found = sorted(f[: -len(".index")] for f in os.listdir(path) if f.endswith(".index"))
    if latest is None and len(found) != 1:
        raise ValueError(
            "there is no latest checkpoint, and not exactly one to choose: %s" % (", ".join(found) or "none")
        )
    return latest or os.path.join(path, found[0])
