"""Load an artifact in a fresh process, use it, and record what is observed.

The step reads a copy of the artifact in another place. A model that is built from code starts with other random
weights than the reference. So no result can be right by accident. Writes observed.json and observed.npz.
"""

import sys
import time

from roundtrip import control, members, modifiers, stage, state
from roundtrip.artifact import moved
from roundtrip.brought import reading
from roundtrip.brought.context import Context as BroughtContext
from roundtrip.uses import evaluate, inference

WEIGHTS = ("trainable", "non_trainable")


def body_of(args):
    loader, use = members.member("loaders", args.loader), members.member("uses", args.use)

    def body(ctx, record, at):
        ctx.reference = args.reference  # only for the use resume_reseeded
        ctx.begin(record, at, args.reference)
        with moved(args.manifest, args.out) as artifact:
            at["stage"] = "load"
            begin = time.time()
            loaded = loader.load(ctx, artifact)
            record.facts["seconds"] = {"load": round(time.time() - begin, 3)}
            if "optimizer_state" in use.COMPARES and loaded.model is not None:
                at["stage"] = "use"  # some optimizers create their variables only when fit begins
                ctx.prepare(loaded.model)
                at["stage"] = "load"
            loaded.observe(ctx, record)
            trained = args.across and "fit" in use.NEEDS
            captured = ctx.capture(loaded.model) if trained else None
            at["stage"] = "use"
            begin = time.time()
            try:
                use.run(ctx, loaded, record)
            except Exception:
                if has_its_weights(ctx, loaded, record):
                    look_on(ctx, loaded, loader, record)
                raise
            finally:
                record.facts["seconds"]["use"] = round(time.time() - begin, 3)
                if args.across:
                    record.facts["code"] = described_from_code(ctx)
                if trained and "trajectory" in record.facts:
                    control.train(ctx, loaded.model, captured, record)
            if "fit" in loader.GIVES:
                seen = modifiers.look_or_say_why(ctx, ctx.modifier, loaded.model)  # runs a training step: last
                record.facts.update({"graph_rewrite": seen} if seen else {})
            record.facts["outcome"] = "loaded"

    return body


def has_its_weights(ctx, loaded, record):
    """Whether the model still has its loaded weights; a use that failed may have trained it before."""
    if loaded.model is None:
        return False
    now = {e["name"]: state.digest(e["value"]) for e in ctx.capture(loaded.model) if e["role"] in WEIGHTS}
    return now == {e["name"]: e["sha256"] for e in record.facts["state"] if e["role"] in WEIGHTS}


def look_on(ctx, loaded, loader, record):
    """Evaluate and predict after the use has failed, so that the first error does not hide a second loss."""
    for name, use in (("evaluation", evaluate), ("predictions", inference)):
        if name in record.facts or not set(use.NEEDS) <= set(loader.GIVES):
            continue
        try:
            use.run(ctx, loaded, record)
        except Exception as error:
            text = "%s: %s" % (type(error).__name__, str(error)[:500])
            record.facts.setdefault("not_seen", {})[name] = text


def described_from_code(ctx):
    """This runtime's description of the model built from code (host.judge.dialects); None if the code does not run."""
    if ctx.rt.api not in ctx.module.APIS:
        return None
    try:
        return ctx.describe(ctx.build_plain())
    except Exception:  # code that does not run here is not a fault of the artifact
        return None


def main(argv):
    return main_of_brought(argv) if "--item" in argv else main_of_model(argv)


def main_of_brought(argv):
    """Read an artifact that the user brings (roundtrip.brought); there is no model and no reference."""
    p = stage.plain_parser(__doc__)
    p.add_argument("--manifest", required=True, metavar="JSON", help="manifest.json, beside which artifact/ lies")
    p.add_argument("--item", required=True, metavar="JSON", help="the artifact's entry in the configuration")
    p.add_argument("--loader", required=True, choices=members.names("loaders"), metavar="LOADER")
    p.add_argument("--use", required=True, choices=("inference", "resume"))
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    manifest = stage.earlier(args, args.manifest)
    item = stage.earlier(args, args.manifest, lambda path: reading.item_of(args, manifest))
    cell = dict(manifest["cell"], consumer=args.runtime, loader=args.loader, use=args.use)
    body = reading.body_of(args, item)
    return stage.run(args, "observed", cell, body, lambda args: BroughtContext(args, item))


def main_of_model(argv):
    p = stage.parser(__doc__)
    p.add_argument("--manifest", required=True, metavar="JSON", help="manifest.json, beside which artifact/ lies")
    p.add_argument("--reference", required=True, metavar="JSON", help="reference.json: which arrays are known")
    p.add_argument("--loader", required=True, choices=members.names("loaders"), metavar="LOADER")
    p.add_argument("--use", required=True, choices=members.names("uses"), metavar="USE")
    p.add_argument("--across", action="store_true", help="another runtime wrote: record this one's dialect too")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    manifest, args.seed = stage.earlier(args, args.manifest), args.seed + stage.SEED_OFFSET
    cell = stage.cell_after(args, manifest, consumer=args.runtime, loader=args.loader, use=args.use)
    if stage.cut_short(args, "observed", cell, manifest):
        return 0
    return stage.run(args, "observed", cell, body_of(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
