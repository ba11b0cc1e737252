"""Repeat the epochs before in a fresh process, check that the state equals the reference's, and write an artifact.

The step records the model before and after saving, because saving must not change it. Writes artifact/ and
manifest.json (files with sizes and hashes, seconds, messages) into --out.
"""

import os
import sys
import time

from roundtrip import members, stage, state
from roundtrip.artifact import look, trained, write_facts
from roundtrip.record import read_record


def body_of(args):
    fmt = members.member("formats", args.format)

    def body(ctx, record, at):
        facts = record.facts
        folder = os.path.join(args.out, "artifact")
        ctx.begin(record, at, args.reference)
        at["stage"] = "train"
        begin = time.time()
        model = ctx.build()
        if hasattr(fmt, "fit"):
            fmt.fit(ctx, model, folder)  # a format that writes during training
        else:
            ctx.fit(model, 0, ctx.before, fmt.callbacks(ctx, folder) if hasattr(fmt, "callbacks") else ())
        facts["seconds"] = {"train": round(time.time() - begin, 3)}
        facts["state_digest"] = state.state_digest(ctx.capture(model))
        facts["reproducible"] = facts["state_digest"] == read_record(args.reference).get("state_digest")
        if ctx.of_user and not facts["reproducible"]:
            facts["subject"]["chance"] = ctx.module.noted.lines
            facts["own"] = trained(ctx, record, model)
        if hasattr(fmt, "save"):
            facts["live"] = {"before": look(ctx, model)}
            at["stage"] = "save"
            begin = time.time()
            fmt.save(ctx, model, folder)
            facts["seconds"]["save"] = round(time.time() - begin, 3)
            facts["live"]["after"] = look(ctx, model)
        if hasattr(fmt, "signatures"):
            facts["signatures"] = fmt.signatures(ctx, model)
        write_facts(facts, folder, fmt)

    return body


def main(argv):
    p = stage.parser(__doc__)
    p.add_argument("--format", required=True, choices=members.names("formats"), metavar="FORMAT")
    p.add_argument("--reference", required=True, metavar="JSON", help="reference.json of the train stage")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    os.makedirs(os.path.join(args.out, "artifact"))
    reference = stage.earlier(args, args.reference)
    cell = stage.cell_after(args, reference, producer=args.runtime, format=args.format)
    if stage.cut_short(args, "manifest", cell, reference):
        return 0
    return stage.run(args, "manifest", cell, body_of(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
