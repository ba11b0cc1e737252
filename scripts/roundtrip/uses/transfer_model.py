"""Transfer in memory: ``set_weights(get_weights())`` from the loaded model into one built from code."""

TITLE = "transfer, model to model"
NEEDS = ("layers",)
COMPARES = ("weights", "non_trainable_state", "predictions")


def run(ctx, loaded, record):
    model = ctx.build()
    model.set_weights(loaded.model.get_weights())
    show(ctx, model, record)


def show(ctx, model, record):
    """Record the state and the predictions of the other model."""
    record.facts["transferred_state"] = record.state(ctx.capture(model))
    structure, leaves = ctx.predict(model)
    record.facts["predictions"] = {"structure": structure, "leaves": [record.array(x) for x in leaves]}
