"""Train a model without interruption and record the reference: the results of a perfect round trip.

Fit the epochs before, and record state, description, predictions and evaluation. Then fit the epochs after, and
record the logs of each batch and the final state. Writes reference.json and reference.npz into --out.
"""

import sys

from roundtrip import modifiers, stage
from roundtrip.artifact import trained


def body(ctx, record, at):
    ctx.begin(record, at)
    at["stage"] = "train"
    model = ctx.build()
    facts = record.facts
    facts["trajectory_before"] = trajectory(record, ctx.fit(model, 0, ctx.before))
    facts.update(trained(ctx, record, model))
    at["stage"] = "resume"
    facts["trajectory"] = trajectory(record, ctx.fit(model, ctx.before, ctx.before + ctx.after))
    facts["final_state"] = record.state(ctx.capture(model))
    if ctx.of_user:
        facts["subject"]["chance"] = ctx.module.noted.lines
    seen = modifiers.look(ctx, ctx.modifier, model)  # runs a training step, so it must be the last
    if seen:
        facts["graph_rewrite"] = seen


def trajectory(record, logs):
    """The logs of a fit as an entry of the record."""
    return dict(record.array(logs["values"]), names=logs["names"])


def main(argv):
    args = stage.parser(__doc__).parse_args(argv)
    stage.fresh_folder(args.out)
    cell = {"producer": args.runtime, "model": args.model, "modifier": args.modifier}
    return stage.run(args, "reference", cell, body)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
