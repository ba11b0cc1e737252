"""Load an artifact in a fresh process and save it again, in another format: half of a bridge between versions.

What was saved is another artifact, to be read by a third runtime and held against the first one's reference.
Nothing of the reference is given to it. Writes artifact/ and manifest.json into --out.
"""

import os
import shutil
import sys
import tempfile
import time

from roundtrip import members, stage
from roundtrip.artifact import look, write_facts
from roundtrip.record import read_json


def body_of(args):
    loader, fmt = members.member("loaders", args.loader), members.member("formats", args.format)

    def body(ctx, record, at):
        facts = record.facts
        place = tempfile.mkdtemp(prefix="moved-", dir=args.out)
        moved, folder = os.path.join(place, "artifact"), os.path.join(args.out, "artifact")
        shutil.copytree(os.path.join(os.path.dirname(args.manifest), "artifact"), moved)
        os.makedirs(folder)
        try:
            at["stage"] = "load"
            begin = time.time()
            loaded = loader.load(ctx, moved)
            facts["seconds"] = {"load": round(time.time() - begin, 3)}
            at["stage"] = "save"
            facts["live"] = {"before": look(ctx, loaded.model)}
            begin = time.time()
            fmt.save(ctx, loaded.model, folder)
            facts["seconds"]["save"] = round(time.time() - begin, 3)
            facts["live"]["after"] = look(ctx, loaded.model)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        facts["reproducible"] = read_json(args.manifest)["reproducible"]
        write_facts(facts, folder)

    return body


def main(argv):
    p = stage.parser(__doc__)
    p.add_argument("--manifest", required=True, metavar="JSON", help="manifest.json of the artifact to be read")
    p.add_argument("--loader", required=True, choices=members.names("loaders"), metavar="LOADER")
    p.add_argument("--format", required=True, choices=members.names("formats"), metavar="FORMAT")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    if stage.cut_short(args, "manifest", args.manifest):
        return 0
    return stage.run(args, "manifest", args.seed + stage.SEED_OFFSET, body_of(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
