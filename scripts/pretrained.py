"""Read an artifact that somebody else made by one route, in a fresh process, and record what it gives.

Writes observed.json (signatures, outputs, variables, or why it was refused) and observed.npz into --out.
"""

import argparse
import sys
import zlib

from roundtrip import members, routes, runtime, stage
from roundtrip.engines import engine
from roundtrip.record import read_json


class Context(object):
    """Where a route runs: ``rt``, ``tf``, ``v1``, ``keras``."""

    def __init__(self, args, seed):
        self.rt = runtime.open_runtime(args.api, args.module)
        engine(self.rt).start()
        self.tf, self.v1, self.keras = self.rt.tf, self.rt.v1, self.rt.keras
        self.rt.seed(seed)


def body_of(args):
    route, item = members.member("routes", args.route), read_json(args.item)

    def body(ctx, record, at):
        at["stage"] = "load"
        found = route.run(ctx, item["path"], routes.Wanted(item))
        facts = record.facts
        facts["all_signatures"] = found.signatures
        if found.outputs is not None:
            facts["outputs"] = [dict(record.array(v), name=n) for n, v in sorted(found.outputs.items())]
        facts["variables"] = [dict(record.array(v), name=n) for n, v in sorted(found.variables.items())]
        facts["architecture"] = found.architecture
        facts["outcome"] = "loaded"

    return body


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--api", required=True, help="keras3, keras2 or tf1")
    p.add_argument("--module", required=True, help="the module that is Keras in this api (tensorflow for tf1)")
    p.add_argument("--route", required=True, choices=members.names("routes"), metavar="ROUTE")
    p.add_argument("--item", required=True, metavar="JSON", help="path, inputs, expected of the artifact")
    p.add_argument("--out", required=True, metavar="DIR", help="made anew; what lay there is removed")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    # each route from a seed of its own: weights that did not come from the file would not agree
    seed = zlib.crc32(("%s %s" % (args.route, args.api)).encode("ascii")) % 1000000
    return stage.run(args, "observed", seed, body_of(args), Context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
