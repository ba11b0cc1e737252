"""Read the MetaGraph from its JSON, pass it to ``import_meta_graph``, then ``saver.restore``."""

import io

from roundtrip.loaded import Loaded
from roundtrip.loaders import WHOLE_MODEL, _restored, only_file

TITLE = "import_meta_graph from JSON + restore"
APIS = {"tf1": ""}
READS = ("saver_v2",)
RESTORES = WHOLE_MODEL
GIVES = _restored.EVERYTHING


def load(ctx, artifact):
    from google.protobuf import json_format

    model = _restored.empty(ctx)
    with io.open(only_file(artifact, ".meta.json"), encoding="utf-8") as f:
        meta_graph = json_format.Parse(f.read(), ctx.rt.v1.MetaGraphDef())
    with model.graph.as_default():
        saver = ctx.rt.v1.train.import_meta_graph(meta_graph)
        saver.restore(model.session, _restored.latest(ctx, artifact))
    return Loaded(model, facts={"uninitialized": model.uninitialized()})
