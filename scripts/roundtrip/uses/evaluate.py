"""Evaluate: loss and metrics on the test data, with the compile arguments of the loaded model."""

TITLE = "evaluate"
NEEDS = ("evaluate",)
COMPARES = ("architecture", "weights", "non_trainable_state", "compile_config", "evaluation")
REJECTS = {"no_evaluation": "the model has no loss to evaluate, and no test_step of its own"}


def run(ctx, loaded, record):
    record.facts["evaluation"] = ctx.evaluate(loaded.model)
