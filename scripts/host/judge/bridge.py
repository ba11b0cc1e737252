"""Judge one way over a bridge: the last observation against the first reference, as host.judge.verify judges a cell.

What can have been promised is what both halves promise: the artifact as the runtime between read it, and the one
that it saved as the consumer read that.
"""

import argparse
import sys

from host.judge import facets as fct
from host.judge import verify
from host.select.cells import BRIDGE_AXES, Bridge, Cell
from host.select.matrix import traits
from host.select.runtimes import Api
from roundtrip import members
from roundtrip.record import read_json, write_json


def judge(bridge, versions, crossings, files):
    """The verdict as plain JSON, with the keys of host.judge.verify and those of the bridge in ``cell``.

    Parameters
    ----------
    bridge : host.select.cells.Bridge
    versions : of the Keras of producer, runtime between and consumer
    crossings : what host.select.pairs.crossing says of both halves
    files : {"reference", "manifest", "bridge", "observed"}: paths
    """
    first = Cell(*bridge[:4], bridge.via, bridge.via_loader, bridge.use)
    second = Cell(bridge.via, bridge.model, bridge.modifier, bridge.via_format, *bridge[7:])
    saved = files["manifest"] if read_json(files["manifest"])["outcome"] != "done" else files["bridge"]
    within = promised(first, versions[:2], crossings[0])
    across = bridge.producer != bridge.consumer
    paths = files["reference"], saved, files["observed"]
    result = verify.verify(second, versions[1:], *paths, crossings[1], within, across)
    return dict(result, cell=bridge._asdict(), halves=[{"crossing": c} for c in crossings])


def promised(cell, versions, crossing):
    """The facets that a cell's contract promises."""
    apis = [
        Api(runtime.rpartition("-")[2], v) for runtime, v in zip((cell.producer, cell.consumer), versions, strict=True)
    ]
    fmt, loader = apis[0].member("formats", cell.format), apis[1].member("loaders", cell.loader)
    facts = traits(members.member("models", cell.model), members.member("modifiers", cell.modifier))
    return fct.promised(fmt, loader, facts, crossing)


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bridge", help="/".join(BRIDGE_AXES))
    for name in ("reference", "manifest", "bridge", "observed"):
        parser.add_argument(f"--{name}", dest=f"{name}_file", required=True, metavar="JSON")
    parser.add_argument("--out", required=True, metavar="JSON")
    parser.add_argument("--versions", required=True, nargs=3)
    parser.add_argument("--crossings", required=True, nargs=2)
    args = parser.parse_args(argv)
    files = {name: getattr(args, f"{name}_file") for name in ("reference", "manifest", "bridge", "observed")}
    bridge = Bridge(*args.bridge.split("/"))
    write_json(args.out, judge(bridge, args.versions, args.crossings, files))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
