"""What the page holds of the cells: its own scripts unpack exactly what was judged, within the page's limit of size."""

import datetime
import json
import re

import pytest
from helpers import verdicts as fake
from helpers.browser import needs_browser, opened

from host.findings.find import find
from host.report import cells as cells_
from host.report import chunks, gate, html
from host.report.answers import compatibility
from host.select.cells import AXES

#: the scripts that the page itself reads its cells with
READERS = ("dom.js", "unpack.js", "data.js", "measures.js", "evidence.js")
PLAIN = (
    "path",
    "findings",
    "verdict",
    "note",
    "passes",
    "outcome",
    "stage",
    "reason",
    "lost",
    "facets",
    "warnings",
    "error",
)
READ = """(async () => { %s
  const cells = [];
  for (const cell of CELLS) {
    const plain = Object.fromEntries(%s.map((field) => [field, cell[field]]));
    cells.push({ ...plain, found: cellAt(cell.path).row === cell.row, evidence: await evidenceOf(cell) });
  }
  return cells;
})()"""


def page(folder, cells):
    file = folder / "results/report/index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    when = datetime.datetime.now().astimezone()
    answers = compatibility.data(cells, {}, when, "config")
    run = cells_.Run(cells, [], [], gate.decide(cells), answers, find(cells))
    file.write_text(html.render(run, {}, when), encoding="utf-8")
    return file


def unpacked(file):
    """{path: cell} as the page's scripts read it."""
    source = "\n".join((html.PAGE / name).read_text(encoding="utf-8") for name in READERS)
    with opened(file) as shown:
        cells = shown.evaluate(READ % (source, json.dumps([*AXES, *PLAIN])))
        assert shown.errors == []
    return {cell["path"]: cell for cell in cells}


@pytest.fixture(scope="module")
def judged():
    """1,100 cells: more than a chunk holds."""
    verdicts = fake.verdicts(chunks.CHUNK + 100)
    verdicts[0]["facets"]["weights"].update(max_ulp=float("inf"), status="different")
    logs = {"reference": [[1.0], [float("nan")], [2.0]], "observed": [[1.0], [float("nan")], [float("inf")], [0.25]]}
    verdicts[1]["trajectory"] = {"names": ["loss"], **logs}
    return cells_.judge([cells_.clean(v) for v in verdicts], [], {})


@pytest.fixture(scope="module")
def whole(judged, tmp_path_factory):
    """The cells of a page that has room for all evidence."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "limit", lambda cells: 10_000_000)
        return unpacked(page(tmp_path_factory.mktemp("page"), judged))


def near(value, **tolerance):
    return pytest.approx(value, **tolerance) if isinstance(value, (int, float)) else value


@needs_browser
def test_the_page_reads_each_cell_as_it_was_judged(judged, whole):
    assert len(whole) == len(judged)
    for cell in judged:
        read = whole[cell["path"]]
        assert read["found"]
        assert {axis: read[axis] for axis in AXES} == cell["cell"]
        for field in ("verdict", "note", "passes", "outcome", "stage", "reason", "lost", "findings"):
            assert read[field] == cell.get(field), field
        assert read["warnings"] == [w["message"] for w in cell["warnings"]]
        assert (read["error"] or {}).get("message") == (cell["error"] or {}).get("message")
        keys = ("status", "promised", "relevant", "link")
        assert {f["facet"]: [f.get(key) for key in keys] for f in read["facets"]} == {
            name: [facts.get(key) for key in keys] for name, facts in cell["facets"].items()
        }


@needs_browser
def test_the_page_reads_the_evidence_as_it_was_recorded(judged, whole):
    for cell in judged:
        read = whole[cell["path"]]["evidence"]
        for facet, facts in zip(read["facets"], cell["facets"].values(), strict=True):
            for key in ("compared", "differing", "tolerance", "detail", "announced"):
                assert (facet.get(key) or None) == (facts[key] or None), key
            for key in ("max_ulp", "max_abs"):
                assert facet.get(key) == near(facts[key], rel=1e-3)
        short = [{**f, "sha256": f["sha256"][: chunks.DIGITS]} for f in cell["files"]]
        assert read["files"] == short
        assert "\n".join(read["traceback"]) == (cell["error"] or {}).get("traceback", "").rstrip()
        assert read["total"] == pytest.approx(cell["total_seconds"], abs=0.005)
        assert read["notes"] == cell["notes"] and bool(read["trajectory"]) == bool(cell["trajectory"])


@needs_browser
def test_the_page_reads_batch_logs_to_six_digits_and_equal_ones_as_equal(judged, whole):
    some = [cell for cell in judged if cell["trajectory"]]
    assert len(some) > 100
    for cell in some:
        logs, read = cell["trajectory"], whole[cell["path"]]["evidence"]["trajectory"]
        for run in ("reference", "observed"):
            assert len(read[run]) == len(logs[run])
            for batch, recorded in zip(read[run], logs[run], strict=True):
                assert batch == [None if isinstance(v, str) else near(v, rel=1e-4, abs=1e-5) for v in recorded]
        for at, batch in enumerate(logs["observed"]):
            same = [at < len(logs["reference"]) and v == logs["reference"][at][i] for i, v in enumerate(batch)]
            assert [d == 0 for d in read["difference"][at]] == same


@needs_browser
def test_a_page_keeps_its_limit_and_says_where_the_other_evidence_is(judged, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "limit", lambda cells: 0)
    limit = page(tmp_path, judged).stat().st_size + 40_000
    monkeypatch.setattr(chunks, "limit", lambda cells: limit)
    file = page(tmp_path, judged)
    assert limit - 20_000 < file.stat().st_size <= limit
    cells = unpacked(file)
    held = {path for path, cell in cells.items() if cell["evidence"]}
    assert 100 < len(held) < len(cells)
    bad = [c for c in judged if c["verdict"] in ("silent_loss", "broken", "degraded", "unproved")]
    findings = {(c["verdict"], c["outcome"], c["cell"]["format"], c["cell"]["producer"], *c["lost"]) for c in bad}
    kept = {
        (c["verdict"], c["outcome"], c["cell"]["format"], c["cell"]["producer"], *c["lost"])
        for c in bad
        if c["path"] in held
    }
    assert kept == findings  # of each finding at least the first cell
    without = next(path for path in cells if path not in held)
    with opened(file, f"#cell={without}") as shown:
        link = shown.get_by_role("dialog").get_by_role("link", name=f"results/verified/{without}/verdict.json")
        assert link.get_attribute("href") == f"{tmp_path}/results/verified/{without}/verdict.json"
        assert re.search(rf"Of {len(held):,} of the {len(cells):,} cells", shown.get_by_role("main").inner_text())


@needs_browser
def test_a_long_list_is_drawn_by_pages(judged, tmp_path):
    with opened(page(tmp_path, judged), "#list=passes%3Dtrue") as shown:
        dialog = shown.get_by_role("dialog")
        before = dialog.get_by_role("row").count()
        assert before == 302  # with the heading, and the row of the button
        dialog.get_by_role("button", name=re.compile("^Show 300 more of")).click()
        assert dialog.get_by_role("row").count() == before + 300


@needs_browser
def test_a_browser_that_cannot_unpack_the_page_is_told_where_the_cells_are(judged, tmp_path):
    file = page(tmp_path, judged[:20])
    with opened(file, java_script_enabled=False) as shown:
        assert shown.get_by_text("are not drawn here").is_visible()
        assert shown.get_by_role("link", name="summary.csv").last.get_attribute("href") == "summary.csv"
    with opened(file) as shown:
        assert not shown.get_by_text("are not drawn here").is_visible()
        shown.add_init_script("delete window.DecompressionStream")
        shown.reload()
        shown.get_by_text("are not drawn here").wait_for()
        assert shown.get_by_role("link", name="summary.csv").is_visible()


def test_a_page_of_5000_cells_has_1_mb_and_one_of_100000_has_5():
    assert chunks.limit(1) == chunks.limit(5_000) == 1_000_000
    assert 4_900_000 < chunks.limit(100_000) <= 5_000_000


def test_evidence_that_has_no_room_is_left_out(judged):
    assert chunks.fitting(judged, -5)[1] == chunks.fitting(judged, 5)[1] == 0
    packed, held = chunks.fitting(judged, 30_000)
    assert 0 < held < len(judged) and sum(map(len, packed)) + len(packed) <= 30_000
