"""``Saver().save(session, "graph.ckpt")``: a checkpoint in the current format, and the MetaGraph also as JSON."""

import io
import os

from roundtrip.formats import _saver, path

TITLE = "Saver V2, with MetaGraph and its JSON"
APIS = {"tf1": ""}
CARRIES = _saver.GRAPH_AND_VARIABLES
FILES = dict(
    _saver.files("graph.ckpt"), **{"graph.ckpt.meta.json": "the same MetaGraph as JSON, for people and other programs"}
)


def save(ctx, model, folder):
    from google.protobuf import json_format

    saver = _saver.save(ctx, model, folder, "graph.ckpt")
    with model.graph.as_default():
        text = json_format.MessageToJson(saver.export_meta_graph())
    with io.open(os.path.join(path(folder, "graph.ckpt.meta.json")), "w", encoding="utf-8") as f:
        f.write(text)
