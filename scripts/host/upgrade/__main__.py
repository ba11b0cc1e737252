"""Write the answer for an upgrade as JSON, as a text and as a page; docs/upgrade.md explains it.

PYTHONPATH=scripts python -m host.upgrade --ways results/report/ways.json --out results/report
"""

import argparse
import sys
from pathlib import Path

from host.report.cells import read_json
from host.upgrade.answer import answer
from host.upgrade.page import page
from host.upgrade.text import text
from roundtrip.record import write_atomic, write_json


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", required=True, metavar="JSON", help="the question, its environments and its verdicts")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    args = parser.parse_args(argv)
    given = read_json(args.ways)
    if not given["question"]:
        raise SystemExit("error: the configuration has no `upgrade`; see config/README.md.")
    made = answer(given["question"], [read_json(path) for path in given["verdicts"]], given["environments"])
    write_json(args.out / "upgrade.json", made)
    write_atomic(str(args.out / "upgrade.txt"), text(made).encode())
    write_atomic(str(args.out / "upgrade.html"), page(made).encode())
    sys.stdout.write(f"\n{text(made)}\nPage: {args.out / 'upgrade.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
