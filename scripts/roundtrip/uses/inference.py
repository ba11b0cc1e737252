"""Predict the test inputs."""

TITLE = "inference"
NEEDS = ("predict",)
COMPARES = ("architecture", "weights", "non_trainable_state", "predictions")
REJECTS = {"no_predictions": "the model has no call, so it gives no outputs"}


def run(ctx, loaded, record):
    structure, leaves = loaded.predict(ctx)
    record.facts["predictions"] = {"structure": structure, "leaves": [record.array(x) for x in leaves]}
