"""The evidence of cells inside the page, in chunks that page/evidence.js reads when a cell is opened.

A page has a limit of size, and the evidence has the room that all else leaves. Where it does not suffice, the page has
the evidence of the first cells of each finding, then of the first of what is kept, and of every other cell the place of
its verdict.json, which has all of it.
"""

from host.report import words
from host.report.embed import DIGITS
from host.report.packing import Table, packed
from host.report.tables import texts

FIELDS = ("seconds", "total", "memory", "notes", "reference", "observed", "signatures", "trusted", "reproduction")
LISTS = ("facets", "files", "traceback", "messages", "doors")
STEPS = ("train", "save", "load", "use")
#: cells of a chunk: a larger one compresses better, a smaller one is read faster
CHUNK = 1000
#: bytes that a cell's evidence takes, to begin with; and how often more or fewer cells are tried
EXPECTED, TRIES = 150, 4


def limit(cells):
    """The most bytes that a page of so many cells may have: 1 MB up to 5,000 cells, 5 MB for 100,000."""
    return 1_000_000 + 42 * max(0, cells - 5_000)


def fitting(cells, room):
    """(chunks as text, number of cells in them): the evidence that fits into so many bytes.

    The first chunk lists the cells that have evidence: the differences of their numbers in ``cells``, in that order.
    """
    order, fits = by_importance(cells), ([], 0)
    count = min(len(order), max(0, room) // EXPECTED)
    for _ in range(TRIES):
        chunks = packed_evidence(cells, sorted(order[:count]))
        size = sum(map(len, chunks)) + len(chunks)
        if size <= room:
            fits = (chunks, count)
        if count in (0, len(order)) or 0.9 * room < size <= room:
            break
        count = min(len(order), int(count * 0.95 * room / size))
    return fits


def packed_evidence(cells, rows):
    """The list of these cells and their chunks."""
    parts = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
    steps = [b - a for a, b in zip([0, *rows], rows, strict=False)]
    return [packed(steps), *(packed(chunk([cells[row] for row in part])) for part in parts)]


def by_importance(cells):
    """The cells' numbers: the first cell of each finding, then the second ones, ...; then those that are not bad."""
    turns, met = [], {}
    for row, cell in enumerate(cells):
        bad = words.verdict(cell["verdict"]).kind in (words.BAD, words.NO_PROOF)
        axes = (cell["cell"]["format"], cell["cell"]["producer"], cell["cell"]["consumer"])
        finding = (cell["verdict"], cell["note"], axes, cell.get("outcome"), tuple(cell["lost"]))
        met[finding] = met.get(finding, 0) + 1
        turns.append((not bad, met[finding], row))
    return [row for _, _, row in sorted(turns)]


def chunk(cells):
    """The evidence of these cells, as columns."""
    table = Table(FIELDS, LISTS)
    for cell in cells:
        table.add(of(cell))
    return table.columns()


def of(cell):
    """The evidence of a cell, without what embed.columns has."""
    return {
        "seconds": [two_decimals(cell["seconds"].get(step)) for step in STEPS],
        "total": two_decimals(cell["total_seconds"]),
        "memory": None if cell.get("peak_memory_mb") is None else round(cell["peak_memory_mb"]),
        "facets": [numbers(facts) for facts in (cell.get("facets") or {}).values()],
        "files": [{**f, "sha256": f["sha256"][:DIGITS]} for f in cell.get("files") or []],
        "traceback": ((cell.get("error") or {}).get("traceback") or "").rstrip().split("\n"),
        "messages": [[w.get("source"), w.get("category")] for w in cell.get("warnings") or []],
        "notes": cell.get("notes") or {},
        **trajectory(cell.get("trajectory")),
        "signatures": cell.get("all_signatures"),
        "doors": cell.get("doors") or [],
        "trusted": cell.get("trusted"),
        "reproduction": cell.get("reproduction"),
    }


def two_decimals(seconds):
    return None if seconds is None else round(seconds, 2)


def numbers(facts):
    """What a facet's row shows beside its outline, without empty values at the end."""
    row = [facts.get("compared"), facts.get("differing"), short(facts.get("max_ulp")), short(facts.get("max_abs"))]
    row += [facts.get("tolerance"), texts(facts.get("detail")), texts(facts.get("announced"))]
    while row and not row[-1]:
        row.pop()
    return row


def trajectory(facts):
    """The batch logs of both runs: the uninterrupted one, and what the resumed one differs from it by."""
    if not facts:
        return {"reference": None, "observed": None}
    batches, resumed = facts["reference"], facts["observed"]
    differences = [
        [difference(v, batches[at][column] if at < len(batches) else None) for column, v in enumerate(batch)]
        for at, batch in enumerate(resumed)
    ]
    return {
        "reference": {
            "names": facts["names"],
            "batches": [[short(v, 6) if is_number(v) else None for v in batch] for batch in batches],
        },
        "observed": 0 if resumed == batches else differences,
    }


def difference(value, reference):
    """0 for the same value; else the difference; the value as text where there is none; None for what is no number."""
    if value == reference:
        return 0
    if not is_number(value):
        return None
    return short(value - reference) if is_number(reference) else f"{value:.6g}"


def short(value, digits=4):
    """A number with so many digits; whole numbers of up to seven digits, and what is no number, as they are."""
    if not is_number(value) or (value == int(value) and abs(value) < 1e7):
        return value
    return float(f"{value:.{digits}g}")


def is_number(value):
    """Infinities and NaN are none: cells.clean turned them into text."""
    return isinstance(value, (int, float))
