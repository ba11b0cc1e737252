"""Evaluation: loss and metrics on the test data, by the compile arguments that the model came back with."""

TITLE = "evaluate"
NEEDS = ("evaluate",)
COMPARES = ("architecture", "weights", "non_trainable_state", "compile_config", "evaluation")


def run(ctx, loaded, record):
    record.facts["evaluation"] = ctx.evaluate(loaded.model)
