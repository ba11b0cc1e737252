"""Train a model without a break and record the reference: what a perfect round trip would give.

Fit the epochs before, record state, description, predictions and evaluation; fit the epochs after and
record each batch's logs and the final state. Writes reference.json and reference.npz into --out.
"""

import sys

from roundtrip import modifiers, stage, state


def body(ctx, record, at):
    at["stage"] = "train"
    model = ctx.build()
    facts = record.facts
    facts["trajectory_before"] = trajectory(record, ctx.fit(model, 0, ctx.before))
    captured = ctx.capture(model)
    facts["state"] = record.state(captured)
    facts["state_digest"] = state.state_digest(captured)
    facts["describe"] = ctx.describe(model)
    structure, leaves = ctx.predict(model)
    facts["predictions"] = {"structure": structure, "leaves": [record.array(x) for x in leaves]}
    facts["evaluation"] = ctx.evaluate(model)
    at["stage"] = "resume"
    facts["trajectory"] = trajectory(record, ctx.fit(model, ctx.before, ctx.before + ctx.after))
    facts["final_state"] = record.state(ctx.capture(model))
    seen = modifiers.look(ctx, ctx.modifier, model)  # takes a training step: nothing may come after it
    if seen:
        facts["graph_rewrite"] = seen


def trajectory(record, logs):
    """A fit's logs as an entry of the record."""
    return dict(record.array(logs["values"]), names=logs["names"])


def main(argv):
    args = stage.parser(__doc__).parse_args(argv)
    stage.fresh_folder(args.out)
    cell = {"producer": args.runtime, "model": args.model, "modifier": args.modifier}
    return stage.run(args, "reference", cell, body)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
