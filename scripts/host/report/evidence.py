"""The evidence for the verdict on a cell as lines of text, for the terminal and for the XML."""

from host.report import words
from host.report.tables import texts

#: lines of detail, and messages, that are shown of a facet or a cell where not all of them are wanted
SHOWN = 5


def facet(name, found, most=None):
    """What was compared of a facet: its status, its promise, the numbers, and the places that differ."""
    promise = "promised" if found.get("promised") else "not promised"
    yield f"{name}: {found['status']}, {promise} {found.get('link') or ''}".rstrip()
    numbers = [f"{key} {found[key]}" for key in ("max_ulp", "max_abs", "tolerance") if found.get(key) is not None]
    if found.get("compared"):
        yield "  " + ", ".join([f"{found.get('differing') or 0} of {found['compared']} differ", *numbers])
    yield from (f"  {line}" for line in few(texts(found.get("detail")), most))
    yield from (f"  announced: {line}" for line in texts(found.get("announced")))


def warnings(cell, most=None):
    """The messages of the cell, each with its source."""
    lines = [f"{w.get('source')} {w.get('category')}: {w.get('message')}" for w in cell.get("warnings") or []]
    return few(lines, most)


def files(cell):
    """The files that saving left, each with its size and what the format says about it."""
    for file in cell.get("files") or []:
        yield f"{file['path']}  {file.get('size') or 0:,} bytes  {file.get('explanation') or ''}".rstrip()


def error(cell):
    """The traceback, or what is known in its place; no line where nothing was raised."""
    found = cell.get("error")
    if found:
        yield from (found.get("traceback") or f"{found.get('type')}: {found.get('message')}").rstrip().split("\n")


def headline(cell):
    """``broken, known: Loading fails with an error.``"""
    note = "" if cell["note"] == "none" else f", {words.NOTE_OF[cell['note']].word}"
    return f"{words.verdict(cell['verdict']).word}{note}: {cell.get('reason') or ''}"


def few(lines, most):
    """At most so many of the lines, and how many more there are; all of them where ``most`` is None."""
    left = len(lines) - most if most else 0
    return [*lines[:most], f"... and {left} more"] if left > 0 else list(lines)
