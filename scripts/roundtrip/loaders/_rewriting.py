"""What the loaders that rewrite a graph share."""

REWRITES = {"rewrites": "it rewrites what was loaded, and this modifier rewrites nothing"}
#: the page that says after which loads a rewrite still works
CLAIM = "https://github.com/IBM/tensorflow-large-model-support/blob/tflmsv2/README.md"


def rewrite(ctx, model):
    """Rewrite the model's graph now, as the modifier's callback does when fit hands it the model.

    Whether a session has run the graph is what is being found out: the rewriter is told to try.
    """
    ctx.modifier.rewriter(ctx, when_run="try").callback(ctx.keras).set_model(model)
    return model
