"""Predict, then trace one training step (or a prediction, if the artifact cannot train) and record its nodes.

This use is for artifacts that hold a graph. It shows whether the nodes that were added to the graph are executed
after loading.
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
