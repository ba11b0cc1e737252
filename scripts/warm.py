"""Stop or list the warm interpreters that `scripts/step.py --runner warm` starts on demand (docs/warm.md).

python scripts/warm.py --stop    ask those of this checkout to end as soon as their steps have ended
python scripts/warm.py --list    list them: process id, resident MB, path of the socket
"""

import argparse
import sys

from warmstep import address, processes, start


def listing():
    """One line for each server of this checkout."""
    import os

    folder, fd = address.open_folder(dict(os.environ))
    os.close(fd)
    for name in sorted(os.listdir(folder)):
        if name.startswith(address.prefix()) and name.endswith(".sock"):
            pid = start.leader(os.path.join(folder, name))
            yield f"{pid or 'dead'}\t{processes.resident(pid or 0) / 1e6:.0f} MB\t{os.path.join(folder, name)}"


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = p.add_mutually_exclusive_group(required=True)
    what.add_argument("--stop", action="store_true", help="ask them to end; wait at most 5 s")
    what.add_argument("--list", action="store_true", help="list them")
    p.add_argument("--everyone", action="store_true", help="with --stop: those of all checkouts of this user")
    args = p.parse_args(argv)
    try:
        if args.stop:
            print(f"{start.stop(args.everyone)} warm interpreters asked to end")
        else:
            for line in listing():
                print(line)
    except address.Unavailable as error:
        print(f"warm: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
