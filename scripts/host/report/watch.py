"""While a run goes on: print each verdict as it comes, and keep a page of what is judged so far.

The workflow starts it before its first job, and ends it after its last one. It only reads files, so it works wherever
the jobs run, and a run without it gives the same results.

    PYTHONPATH=scripts python -m host.report.watch --to-come JSON --cells JSON --parent PID --page HTML
        [--expectations YAML] [--environments DIR ...]
"""

import argparse
import contextlib
import datetime
import os
import signal
import sys
import time
from pathlib import Path

from host.environments import declared
from host.findings.find import find
from host.report import cells as cells_
from host.report import expectations, gate, not_run, terminal, words
from host.select import runtimes
from host.select.cells import BRIDGE_AXES

#: seconds between two looks at the verdicts, and between two pages; at least SHARE times what the last one took
LOOK, PAGE, SHARE = 0.5, 20, 10
#: verdicts before the time left is said: the first ones wait for trainings that all others share
ENOUGH = 10


class Watch:
    """What is still to come of a run.

    Parameters
    ----------
    to_come : list of str
        The paths of the verdicts that this run makes.
    begin : float
        Seconds since the epoch: a verdict that is older is an earlier run's.
    """

    def __init__(self, to_come, begin):
        self.to_come, self.begin, self.all = set(to_come), begin, len(to_come)

    def arrived(self):
        """The paths of the verdicts that came since the last call, the oldest first."""
        times = {path: modified(path) for path in self.to_come}
        new = sorted((path for path, when in times.items() if when >= self.begin), key=times.get)
        self.to_come -= set(new)
        return new

    def left(self, now):
        """How far the run is: ``12 of 187, 5 min left``."""
        done = self.all - len(self.to_come)
        if done < ENOUGH or not self.to_come:
            return f"{done} of {self.all}"
        return f"{done} of {self.all}, {duration((now - self.begin) / done * len(self.to_come))} left"


def modified(path):
    """When a file was written, in seconds since the epoch; 0 where there is none."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0


def duration(seconds):
    """A time that is only estimated: ``40 s``, ``5 min``, ``2.5 h``."""
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def line(cell, progress, style):
    """A verdict as one line: symbol, word, note, cell, and how far the run is."""
    note = words.NOTE_OF[cell["note"]]
    verdict = f"{style.symbol(cell['verdict'])} {words.verdict(cell['verdict']).word}"
    text = f"{verdict}{f', {note.word}' if note.symbol else ''}".ljust(24)
    return style.writable(
        f"{style.paint(text, cell['verdict'])} {cell['path']}" + (f"   ({progress})" if progress else "")
    )


def bridge(verdict):
    """The verdict of a bridge with what a line shows; no expectation speaks of a bridge."""
    return {**verdict, "note": "none", "path": "/".join(verdict["cell"][axis] for axis in BRIDGE_AXES)}


class Page:
    """The page of what is judged so far, in a file beside the report's."""

    def __init__(self, file, listing, judge, known):
        self.file, self.judge, self.known, self.next = Path(file), judge, known, 0
        self.chains = [not_run.chain_of(path.split("/")) for path in cells_.read_json(listing)["cells"]]

    def write(self, now):
        """Write it, where the last one is old enough. Thousands of cells take seconds."""
        if now < self.next:
            return
        with contextlib.suppress(OSError, SystemExit):  # a full disk; a verdict that its job begins to make again
            self._write()
        self.next = now + max(PAGE, SHARE * (time.time() - now))

    def _write(self):
        cells = self.judge([chain[-1] for chain in self.chains if not_run.is_current(chain)])
        if cells:
            from host.report import html  # its libraries of pictures take longer to import than a short run
            from host.report.answers import compatibility

            about = {"so far": f"{len(cells):,} of {len(self.chains):,} cells"}
            when = datetime.datetime.now().astimezone()
            new = self.file.with_suffix(".new")
            answers = compatibility.data(cells, self.known, when, "")
            run = cells_.Run(cells, [], [], gate.decide(cells), answers, find(cells))
            new.write_text(html.render(run, about, when), encoding="utf-8")
            os.replace(new, self.file)  # a browser never reads half a page


def main(argv):
    args = _parser().parse_args(argv)
    entries = expectations.load(args.expectations) if args.expectations else []
    known = runtimes.known(declared.load_all(args.environments))

    def judge(files):
        verdicts = [cells_.read_verdict(file) for file in files]
        bridges = [bridge(v) for v in verdicts if "via" in v["cell"]]
        return cells_.judge([v for v in verdicts if "via" not in v["cell"]], entries, known) + bridges

    watch = Watch(cells_.read_json(args.to_come), time.time())
    page, style = Page(args.page, args.cells, judge, known), terminal.Style(sys.stdout)
    ended = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))  # the last job is done: one more look
    while watch.to_come and os.getppid() == args.parent:
        last, now = bool(ended), time.time()
        arrived = watch.arrived()
        took = time.time() - now
        for number, cell in enumerate(judge(arrived) if arrived else []):
            print(line(cell, watch.left(now) if number + 1 == len(arrived) else "", style), flush=True)
        if last:
            break
        if arrived:
            page.write(now)
        time.sleep(max(LOOK, SHARE * took))
    return 0


def _parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to-come", required=True, metavar="JSON", help="the verdicts that the run makes, a list")
    parser.add_argument("--cells", required=True, metavar="JSON", help="the cells of the run")
    parser.add_argument("--parent", required=True, type=int, metavar="PID", help="the run: this ends with it")
    parser.add_argument("--page", required=True, metavar="HTML", help="the page to write")
    parser.add_argument("--expectations", metavar="YAML", help="such as config/expectations.yaml (default: none)")
    parser.add_argument("--environments", nargs="+", default=["envs"], metavar="DIR", help="as of host.report")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # the whole run was interrupted
        sys.exit(130)
