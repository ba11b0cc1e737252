"""`make reproduce`: write and run the reproduction of one cell, or of every red cell of the last run, and print it.

    PYTHONPATH=scripts python -m host.reproduce.ask CELL|red --cores 2 [--configfile FILE ...]

CELL is producer/model/modifier/format/consumer/loader/use, as the page and the rerun commands write it. It need not
belong to the last run. ``red`` stands for the cells of the last run whose verdict is red, known ones too. Afterwards
the report is written again, if it holds the cells. The exit code is 1 where a result is not ``confirmed``.
"""

import argparse
import collections
import pathlib
import shlex
import subprocess
import sys

from host.select import paths
from host.select.cells import AXES
from roundtrip.record import read_json

#: verdicts, before expectations are applied, that ask for a reproduction
RED = ("silent_loss", "broken", "crashed", "timeout", "out_of_memory")
CELLS = "results/report/cells.json"
PAGE = "results/report/index.html"
#: cells of one call of Snakemake: a command line is not endless
AT_ONCE = 500


def last_run():
    """{"cells", "options"} of the last report; empty where there is none."""
    return read_json(CELLS) if pathlib.Path(CELLS).exists() else {"cells": []}


def red(cells):
    """The cells, of those that were judged, with a red verdict."""
    files = {cell: pathlib.Path(paths.verdict(cell.split("/"))) for cell in cells}
    judged = {cell: read_json(file) for cell, file in files.items() if file.exists()}
    return [cell for cell, verdict in judged.items() if verdict["verdict"] in RED]


def chosen(asked, run):
    """The cells that were asked for. Raises SystemExit with what is wrong."""
    if asked != "red":
        if asked.count("/") != len(AXES) - 1:
            raise SystemExit(f"error: CELL must be {'/'.join(AXES)}, or red; not {asked}")
        return [asked]
    cells = red(run["cells"])
    if not cells:
        raise SystemExit("No cell of the last run is red: there is nothing to reproduce.")
    return cells


def snakemake(targets, options):
    """Run Snakemake for these files; its exit code."""
    quiet = ["--quiet", "progress", "rules", "reason", "host"]
    return subprocess.run([sys.executable, "-m", "snakemake", *options, *quiet, "--", *targets]).returncode


def told(cell, result):
    """What is printed of a result."""
    script = paths.reproduced(cell.split("/")).replace("result.json", "reproduce.py")
    words = result.get("reason") or result["output"]
    return f"{cell}\n{words}\n{result['result']}: {script}\n"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cell", metavar="CELL|red")
    parser.add_argument("--cores", default="2")
    parser.add_argument("--configfile", nargs="+", default=[], metavar="FILE")
    args = parser.parse_args(argv)
    run = last_run()
    cells = chosen(args.cell, run)
    files = shlex.split(run.get("options") or "")
    options = ["--cores", args.cores, *(["--configfile", *args.configfile] if args.configfile else files)]
    results = {cell: paths.reproduced(cell.split("/")) for cell in cells}
    code = 0
    for begin in range(0, len(cells), AT_ONCE):
        code |= snakemake([results[cell] for cell in cells[begin : begin + AT_ONCE]], ["--keep-going", *options])
    found = {cell: read_json(file) for cell, file in results.items() if pathlib.Path(file).exists()}
    for cell, result in found.items():
        print(told(cell, result))
    if found and set(found) <= set(run["cells"]):
        code |= snakemake([PAGE], options)
    count = collections.Counter(result["result"] for result in found.values())
    print(", ".join(f"{number} {result}" for result, number in count.most_common()))
    return int(bool(code or set(count) != {"confirmed"}))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
