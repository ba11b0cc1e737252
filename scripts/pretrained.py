"""Read an artifact that somebody else made, by one route and in a fresh process, and record the results.

Writes observed.json (signatures, outputs, variables, or the error) and observed.npz into --out.
"""

import argparse
import sys
import zlib

from roundtrip import context, members, routes, runtime, stage
from roundtrip.engines import engine
from roundtrip.record import read_json


class Context(object):
    """The runtime of a route: ``rt``, ``tf``, ``v1``, ``keras``."""

    def __init__(self, args):
        self.rt = runtime.open_runtime(context.api_of(args), args.module)
        engine(self.rt).start()
        self.tf, self.v1, self.keras = self.rt.tf, self.rt.v1, self.rt.keras
        # each route has its own seed, so that weights that are not from the file differ between routes
        self.rt.seed(zlib.crc32(("%s %s" % (args.route, self.rt.api)).encode("ascii")) % 1000000)


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
    p.add_argument("--runtime", required=True, metavar="ENVIRONMENT-API", help="e.g. tf2.21-keras3")
    p.add_argument("--module", required=True, help="the module that is Keras in this api (tensorflow for tf1)")
    p.add_argument("--route", required=True, choices=members.names("routes"), metavar="ROUTE")
    p.add_argument("--item", required=True, metavar="JSON", help="path, inputs, expected of the artifact")
    p.add_argument("--out", required=True, metavar="DIR", help="made anew; what lay there is removed")
    args = p.parse_args(argv)
    stage.fresh_folder(args.out)
    item = read_json(args.item)
    cell = {"producer": "pretrained", "model": item["id"], "modifier": "none", "format": item["format"]}
    cell.update(consumer=args.runtime, loader=args.route, use="inference")
    return stage.run(args, "reading", cell, body_of(args), Context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
