"""List the doors of an artifact (host.inspection): what it could run, read or write when it is loaded.

PYTHONPATH=scripts python -m host.inspection PATH [--format FORMAT] [--memory MB] [--out JSON]
"""

import argparse
import sys

from host import inspection
from roundtrip.record import write_json


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="a file, a folder, or the prefix of a checkpoint")
    parser.add_argument("--format", choices=inspection.FORMATS, help="where name and content do not tell")
    parser.add_argument("--memory", type=float, default=inspection.LIMIT / 1e6, metavar="MB", help="of a step")
    parser.add_argument("--out", metavar="JSON", help="where to write the list; otherwise it is printed")
    args = parser.parse_args(argv)
    doors = inspection.inspect(args.path, args.format, int(args.memory * 1e6))
    if args.out:
        write_json(args.out, doors)
    else:
        for door in doors:
            print(f"{door['what']}\n    {door['where']}\n    {door['why']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
