"""Resume training where it stopped, and compare each batch with the training that was not interrupted."""

TITLE = "resume"
NEEDS = ("fit",)
COMPARES = (
    "architecture",
    "weights",
    "non_trainable_state",
    "rng_state",
    "compile_config",
    "optimizer_config",
    "optimizer_state",
    "resume_trajectory",
    "graph_rewrite",
)


def run(ctx, loaded, record):
    start = ctx.before if loaded.initial_epoch is None else loaded.initial_epoch
    logs = ctx.fit(loaded.model, start, ctx.before + ctx.after, loaded.callbacks)
    record.facts["trajectory"] = dict(record.array(logs["values"]), names=logs["names"])
    record.facts["final_state"] = record.state(ctx.capture(loaded.model))
