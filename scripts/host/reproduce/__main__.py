"""Write the reproduction of a cell.

PYTHONPATH=scripts python -m host.reproduce --verdict JSON --producer JSON --consumer JSON --out FILE
"""

import argparse
import json
import pathlib
import sys

from host.reproduce.claim import claim_of
from host.reproduce.compose import Composer
from host.reproduce.side import Side


def write(verdict, environments, settings):
    """(text of the file, claim) for a verdict; ``environments`` are the producer's and the consumer's facts."""
    claim = claim_of(verdict)
    cell = verdict["cell"]
    apis = [cell[axis].rpartition("-")[2] for axis in ("producer", "consumer")]
    sides = [Side(api, facts) for api, facts in zip(apis, environments, strict=True)]
    return Composer(verdict, claim, sides, settings).text(), claim


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("verdict", "producer", "consumer"):
        parser.add_argument(f"--{name}", required=True, metavar="JSON")
    parser.add_argument("--before", type=int, default=10)
    parser.add_argument("--after", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--out", required=True, metavar="FILE")
    args = parser.parse_args(argv)
    settings = {name: getattr(args, name) for name in ("before", "after", "seconds")}
    text, _ = write(read(args.verdict), [read(args.producer), read(args.consumer)], settings)
    pathlib.Path(args.out).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
