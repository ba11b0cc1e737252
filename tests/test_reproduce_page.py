"""What the page shows of a reproduction, in a real browser."""

import html as text
import re

import pytest
from helpers import verdicts as fake
from helpers.browser import needs_browser, opened
from helpers.places import ROOT

from host.report import __main__ as report
from host.reproduce.run import RESULTS
from host.select import paths
from host.select.cells import AXES
from roundtrip.record import write_json

RUNTIME = "tf2.21-keras3"
#: modifier of a cell -> the result of its reproduction; None: none was run
SHOWN = {**dict(zip("abcd", RESULTS, strict=True)), "e": "stale", "f": None}
#: a stale result was once confirmed
RESULTS_OF = {"stale": "confirmed"}


def view_of(page, cell):
    """The text and the markup of what a cell's view says of its reproduction."""
    with opened(page, f"#cell={cell}") as shown:
        content = shown.content()
    found = re.search(r"<h3[^>]*>(Reproduced? .*? alone.*?)(?=<h3|<script)", content, re.S)
    return text.unescape(re.sub(r"<[^>]+>", " ", found[1])), found[1]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """(the page, {modifier: path of its cell}) of a report whose cells were reproduced in all ways."""
    folder, cells, verdicts = tmp_path_factory.mktemp("page"), {}, []
    for name, result in SHOWN.items():
        judged = fake.verdict(RUNTIME, "frozen", "h5", RUNTIME, "load_model", "inference", fake.random.Random(1))
        axes = {**judged["cell"], "modifier": name}
        verdicts.append({**judged, "cell": axes, "records": {"observed": name}})
        cell = [axes[axis] for axis in AXES]
        cells[name] = "/".join(cell)
        if result:
            record = {"result": RESULTS_OF.get(result, result), "output": f"output of {name}", "reason": None}
            file = folder / paths.reproduced(cell)
            file.parent.mkdir(parents=True)
            write_json(str(file), {**record, "records": {"observed": name if result != "stale" else "an older one"}})
    fake.write(folder, verdicts, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        given = ["--cells", "cells.json", "--about", "about.json", "--environments", str(ROOT / "envs")]
        assert report.main([*given, "--out", "results/report"]) == 0
    return folder / "results/report/index.html", cells


@needs_browser
@pytest.mark.parametrize("name", list(SHOWN))
def test_the_page_shows_the_result_that_belongs_to_the_verdict(page, name):
    shown, markup = view_of(page[0], page[1][name])
    if SHOWN[name] in RESULTS:
        assert shown.startswith("Reproduced") and f"output of {name}" in shown
        assert f"<strong>{SHOWN[name]}</strong>" in markup
        assert ("reproduce.py" in shown) == (SHOWN[name] != "none")
    else:  # what an older verdict showed is none of this one's
        assert shown.startswith("Reproduce it") and f"make reproduce CELL={page[1][name]}" in shown
        assert "output of" not in shown
