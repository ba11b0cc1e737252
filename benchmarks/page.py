"""Measures the page by the number of cells: its size, what writing it takes, and how long a browser needs to open it.

    make bench-page        or       python benchmarks/page.py [CELLS ...] [--verdicts LIST] [--opens N]

The cells are the verdicts of a real run, multiplied (benchmarks/multiplied.py): those of this checkout's results, or
those of a text file with one verdict.json per line, as host.report takes it. A page is opened in headless Chromium,
from a file, in a new browser each time; it is usable when its first table is drawn and all scripts are done. Prints a
table and writes results/benchmarks/page.json.
"""

import argparse
import datetime
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import multiplied
import workplace as wp

sys.path.insert(0, str(wp.PROJECT / "scripts"))
from helpers.browser import CHROMIUM, WIDE  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from host.environments import declared  # noqa: E402
from host.findings.find import find  # noqa: E402
from host.report import cells as cells_  # noqa: E402
from host.report import gate, html  # noqa: E402
from host.report.answers import compatibility  # noqa: E402
from host.select import runtimes  # noqa: E402
from host.select.cells import AXES  # noqa: E402

#: run in the page before its own scripts: when it is usable, in milliseconds since the navigation began
USABLE = """
const look = () => {
  if (document.querySelector('[aria-label^=Matrix] button') && !document.querySelector("[aria-busy=true]")) {
    setTimeout(() => { window.usable = performance.now(); });  // after this frame is drawn
  } else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cells", nargs="*", type=int, default=[5_000, 100_000], metavar="CELLS")
    p.add_argument("--verdicts", metavar="LIST", help="the real run (default: results/verified of this checkout)")
    p.add_argument("--opens", type=int, default=5, metavar="N", help="how often each page is opened (default 5)")
    p.add_argument("--write", metavar="HTML", help="only write the page of the first number of cells, here")
    args = p.parse_args(argv)
    if args.write:
        print(json.dumps(write(args.cells[0], real(args.verdicts), Path(args.write))))
        return
    facts = {"machine": wp.machine(), "pages": []}
    for cells in args.cells:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "index.html")
            facts["pages"].append({**in_a_process(cells, args.verdicts, page), **opened(page, args.opens)})
        print(text(facts["pages"][-1:]), file=sys.stderr, flush=True)
        wp.write("page.json", facts)
    print(text(facts["pages"]))


def real(listing):
    """The verdicts of a real run, each cell once."""
    files = Path(listing).read_text().split("\n") if listing else wp.PROJECT.glob("results/verified/**/verdict.json")
    verdicts = [cells_.read_verdict(file) for file in sorted(filter(None, map(str, files)))]
    return list({tuple(v["cell"][axis] for axis in AXES): v for v in verdicts}.values())


def write(number, verdicts, page):
    """Write a page of so many cells, and return what that took."""
    known = multiplied.runtimes(runtimes.known(declared.load_all([wp.PROJECT / "envs"])))
    made = list(multiplied.multiplied(verdicts, number))
    times = [time.process_time()]
    cells = cells_.judge(made, [], {})
    times.append(time.process_time())
    when = datetime.datetime.now().astimezone()
    answers = compatibility.data(cells, known, when, "bench")
    run = cells_.Run(cells, [], [], gate.decide(cells), answers, find(cells))
    times.append(time.process_time())
    page.write_text(html.render(run, {}, when), encoding="utf-8")
    times.append(time.process_time())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {
        "cells": number,
        "real": len(verdicts),
        "judge_cpu_s": times[1] - times[0],
        "answers_cpu_s": times[2] - times[1],
        "page_cpu_s": times[3] - times[2],
        "peak_mb": peak,
        "mb": page.stat().st_size / 1e6,
    }


def in_a_process(number, listing, page):
    """``write`` in a process of its own, whose peak memory is that of one page."""
    given = ["--verdicts", listing] if listing else []
    command = [sys.executable, __file__, str(number), "--write", str(page), *given]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def opened(page, times):
    """Medians of the seconds until the page is usable, and of what its reader waits for then."""
    with sync_playwright() as playwright:
        found = [open_once(playwright, page) for _ in range(times)]
    return {key: statistics.median(f[key] for f in found) for key in found[0]} | {"load": wp.load()}


def open_once(playwright, page):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
    shown = browser.new_context(viewport=WIDE).new_page()
    shown.add_init_script(USABLE)
    metrics = shown.context.new_cdp_session(shown)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    shown.goto(page.as_uri(), timeout=300_000)
    shown.wait_for_function("window.usable", timeout=300_000)
    thread = {m["name"]: m["value"] for m in metrics.send("Performance.getMetrics")["metrics"]}
    found = {"usable_s": shown.evaluate("window.usable") / 1000, "cpu_s": thread["TaskDuration"]}
    found["elements"] = shown.evaluate("document.querySelectorAll('*').length")
    found["heap_mb"] = thread["JSHeapUsedSize"] / 1e6
    found["list_s"] = seconds(lambda: opening(shown, shown.get_by_role("region", name="Matrix").first))
    found["cell_s"] = seconds(lambda: opening(shown, shown.get_by_role("dialog").get_by_role("table").first))
    shown.keyboard.press("Escape")
    found["filter_s"] = seconds(lambda: filtering(shown))
    browser.close()
    return found


def opening(shown, where):
    """Press the first button of a table's fields: a list of cells, or a cell with its evidence."""
    where.locator("td button, tbody th button.link").first.click()
    shown.get_by_role("dialog").get_by_role("heading").first.wait_for()
    shown.wait_for_selector("[aria-busy=true]", state="detached")


def filtering(shown):
    shown.get_by_role("searchbox").first.fill("h5 optimizer")
    shown.get_by_text("Showing").first.wait_for()


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def text(pages):
    keys = ("mb", "usable_s", "cpu_s", "list_s", "cell_s", "filter_s", "heap_mb", "judge_cpu_s", "page_cpu_s")
    head = ("cells", "MB", "usable s", "cpu s", "list s", "cell s", "filter s", "heap MB", "judge cpu s", "page cpu s")
    return wp.table(
        (*head, "peak MB"), [(str(page["cells"]), *(page[key] for key in (*keys, "peak_mb"))) for page in pages]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
