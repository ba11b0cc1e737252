"""Functions for the loaders that rewrite a graph."""

REWRITES = {"rewrites": "it applies a modifier's rewrite of the graph, and this modifier has none"}
#: the page that says how a rewrite can be combined with loading
CLAIM = "https://github.com/IBM/tensorflow-large-model-support/blob/tflmsv2/README.md"


def rewrite(ctx, model):
    """Rewrite the model's graph, as the modifier's callback does when fit calls ``set_model``.

    The rewriter gets ``when_run="try"``, because the cell tests whether a session has already run the graph.
    """
    ctx.modifier.rewriter(ctx, when_run="try").callback(ctx.keras).set_model(model)
    return model
