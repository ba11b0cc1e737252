"""Judge a path with a bridge: compare the last observation with the first reference.

A bridge has two halves: a third runtime reads the artifact and saves it again, and the consumer reads the new
artifact. A facet is promised only if both halves promise it.
"""

import argparse
import sys

from host.judge import of_user, records
from host.judge.contract import Path, promises
from host.judge.verify import verify
from host.select.cells import BRIDGE_AXES, Bridge, Cell
from roundtrip.record import read_json


def judge(bridge, versions, crossings, files):
    """The verdict as plain JSON (host.judge.verify), with the axes of the bridge in ``cell``, and ``halves``.

    Parameters
    ----------
    bridge : host.select.cells.Bridge
    versions : tuple of str
        The Keras versions of the producer, the runtime in the middle and the consumer.
    crossings : tuple of str
        What lies between the runtimes of each half (host.select.pairs.crossing).
    files : dict
        Paths of the records, with the keys "reference", "manifest", "bridge" and "observed"; and "subject" of a model
        that the user brings.
    """
    saved = "manifest" if read_json(files["manifest"])["outcome"] != "done" else "bridge"
    paths = records.Files(files["reference"], files[saved], files["observed"])
    brought = of_user.read(files["subject"], paths) if files.get("subject") else None
    cell = Cell(*bridge[:4], bridge.via, bridge.via_loader, bridge.use)
    first = Path(cell, versions[:2], crossings[0], brought=brought)
    second = Path(
        Cell(bridge.via, bridge.model, bridge.modifier, bridge.via_format, *bridge[7:]),
        versions[1:],
        crossings[1],
        within=frozenset(promises(first)),
        reference_elsewhere=bridge.producer != bridge.consumer,
        brought=brought,
    )
    return dict(verify(second, paths, bridge._asdict()), halves=list(crossings))


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bridge", help="/".join(BRIDGE_AXES))
    for name in ("reference", "manifest", "bridge", "observed"):
        parser.add_argument(f"--{name}", dest=f"{name}_file", required=True, metavar="JSON")
    parser.add_argument("--subject", dest="subject_file", metavar="JSON", help="of a model that the user brings")
    parser.add_argument("--out", required=True, metavar="JSON")
    parser.add_argument("--versions", required=True, nargs=3)
    parser.add_argument("--crossings", required=True, nargs=2)
    args = parser.parse_args(argv)
    files = {name: getattr(args, f"{name}_file") for name in ("reference", "manifest", "bridge", "observed", "subject")}
    bridge = Bridge(*args.bridge.split("/"))
    return records.write_verdict(args.out, lambda: judge(bridge, tuple(args.versions), tuple(args.crossings), files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
