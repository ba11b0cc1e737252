"""Large model support: activations wait in host memory between the forward and the backward pass (roundtrip.lms).

Swapping is set to its maximum. With little swapping, a late rewrite might seem effective by chance.
"""

from roundtrip.lms import support, trace

TITLE = "large model support"
APIS = {"keras2_graph": ""}
TRAITS = ("rewrites",)
_PARAMETERS = {"swapout_threshold": 1, "swapin_ahead": 1, "swapin_groupby": None}


def rewriter(ctx, when_run="raise"):
    if ctx.rt.tf.__version__.startswith("1.13"):
        when_run = "try"  # the engine's session exists, but has not run
    return support.LargeModelSupport(ctx.tf, when_run=when_run, **_PARAMETERS)


def callbacks(ctx):
    return [rewriter(ctx).callback(ctx.keras)]


def look(ctx, model):
    """Count the swap nodes in the graph and those that one more training step executes."""
    added = trace.added(model.outputs[0].graph)
    executed = trace.swaps(trace.training_step(ctx.rt, model, ctx.data), added)
    return {"added": len(added), "executed": len(executed), "unit": "swap nodes"}
