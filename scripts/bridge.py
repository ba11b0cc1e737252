"""Load an artifact in a fresh process and save it in another format: the middle step of a bridge between versions.

The result is a new artifact, which a third runtime reads and compares with the reference of the first runtime. This
step does not use the reference's values. Writes artifact/ and manifest.json into --out.
"""

import os
import sys
import time

from roundtrip import members, stage
from roundtrip.artifact import look, moved, write_facts
from roundtrip.record import read_record


def body_of(args):
    loader, fmt = members.member("loaders", args.loader), members.member("formats", args.format)

    def body(ctx, record, at):
        ctx.begin(record, at, args.trained)
        facts, folder = record.facts, os.path.join(args.out, "artifact")
        with moved(args.manifest, args.out) as artifact:
            at["stage"] = "load"
            begin = time.time()
            loaded = loader.load(ctx, artifact)
            facts["seconds"] = {"load": round(time.time() - begin, 3)}
            at["stage"] = "save"
            facts["live"] = {"before": look(ctx, loaded.model)}
            begin = time.time()
            fmt.save(ctx, loaded.model, folder)
            facts["seconds"]["save"] = round(time.time() - begin, 3)
            facts["live"]["after"] = look(ctx, loaded.model)
        facts["reproducible"] = read_record(args.manifest)["reproducible"]
        write_facts(facts, folder, fmt)

    return body


def main(argv):
    p = stage.parser(__doc__)
    p.add_argument("--manifest", required=True, metavar="JSON", help="manifest.json of the artifact to be read")
    p.add_argument("--trained", metavar="JSON", help="reference.json of a model that the user brings, for the data")
    p.add_argument("--loader", required=True, choices=members.names("loaders"), metavar="LOADER")
    p.add_argument("--format", required=True, choices=members.names("formats"), metavar="FORMAT")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    os.makedirs(os.path.join(args.out, "artifact"))
    manifest, args.seed = stage.earlier(args, args.manifest), args.seed + stage.SEED_OFFSET
    cell = stage.cell_after(args, manifest, via=args.runtime, via_loader=args.loader, via_format=args.format)
    if stage.cut_short(args, "manifest", cell, manifest):
        return 0
    return stage.run(args, "manifest", cell, body_of(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
