"""Trace: predict, then one training step (a prediction where there is nothing to train), its nodes recorded.

For artifacts that hold a graph: whether the nodes that were added to it are executed where it is loaded.
"""

from roundtrip.uses import inference

TITLE = "trace"
APIS = {"keras2_graph": ""}
NEEDS = ("trace",)
COMPARES = ("predictions", "graph_rewrite")


def run(ctx, loaded, record):
    inference.run(ctx, loaded, record)
    if "rewrites" in ctx.modifier.TRAITS:
        record.facts["graph_rewrite"] = loaded.look()
