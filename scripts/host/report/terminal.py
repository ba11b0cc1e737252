"""The summary on the terminal: counts by verdict, formats by uses, findings, the gate and the page's path.

A note stands behind the verdict: in words where verdicts are counted, as a mark in the tables.
"""

import os
import shutil
from collections import Counter

from host.findings.find import grouped, note
from host.report import gate as gate_
from host.report import words
from host.report.answers import effects, table
from host.report.cells import apis

#: the signs of the first table where a stream shows only ASCII
ASCII = {"works": "+", "works_but": "~", "warns": "v", "silent": "!", "fails": "x"}
WORST = 5
FINDINGS = 30
WIDTH = 17  # characters of a column
USES = ("inference", "evaluate", "resume")  # shown first; the others follow by name


class Style:
    """Symbols and colours if the stream can show them, else ASCII."""

    def __init__(self, stream):
        self.colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        encoding = getattr(stream, "encoding", None) or "ascii"
        self.unicode = encoding.lower().replace("-", "") == "utf8"

    def symbol(self, id_):
        """The verdict's symbol."""
        verdict = words.verdict(id_)
        return verdict.symbol if self.unicode else verdict.ascii

    def mark(self, note):
        """The note's symbol."""
        note = words.NOTE_OF[note]
        return note.symbol if self.unicode else note.ascii

    def paint(self, text, id_):
        """The text in the verdict's colour."""
        return f"\033[{words.verdict(id_).ansi}m{text}\033[0m" if self.colour else text

    def writable(self, text):
        """The text as this stream can show it."""
        return text if self.unicode else text.encode("ascii", "backslashreplace").decode()


def summary(run, page, style):
    """The summary of a host.report.cells.Run as text; ``page`` is the path of the report."""
    cells, gate, answers = run.cells, run.gate, run.answers
    rest = [cell for cell in cells if not _in_a_table(cell, answers)]
    blocks = [
        [f"keras-roundtrip: {len(cells)} cells judged, {len(run.excluded)} excluded"],
        verdict_lines(gate, style),
        *(answer_lines(made, answers, style) for made in table.tables(answers)),
        *(format_lines(api, some, style) for api, some in _by_api(rest).items()),
        finding_lines(cells, style),
        worst_lines(cells, style),
        door_lines(cells),
        gate_lines(gate, style) + [f"Page: {page}"],
    ]
    return "\n\n".join("\n".join(map(style.writable, block)) for block in blocks if block) + "\n"


def verdict_lines(gate, style):
    """One line for each verdict that occurs, with the notes on its cells."""
    lines = []
    for id_, count in gate["counts"].items():
        notes = {note: some[id_] for note, some in gate["notes"].items() if id_ in some}
        text = ", ".join(f"{words.NOTE_OF[note].word} {n}" for note, n in notes.items())
        line = f"  {style.symbol(id_)} {words.verdict(id_).word:<20}{count:>6}" + (f"   {text}" if text else "")
        lines += [style.paint(line, id_)] if count else []
    return lines


def answer_lines(made, answers, style):
    """What works by format in one runtime: sign, words, and for how many of the models that were run."""
    signs = table.signs(answers) if style.unicode else ASCII
    return [f"{made['runtime']['name']}: for how many models it works", *table.text(made, signs)]


def _in_a_table(cell, answers):
    ids = cell["cell"]
    return ids["producer"] == ids["consumer"] and ids["producer"] in answers["newest"] and ids["use"] in effects.USES


def _by_api(cells):
    """{apis: cells}: what Keras 3 keeps and what tf_keras keeps is never one share."""
    groups = {}
    for cell in cells:
        groups.setdefault(apis(cell["cell"]), []).append(cell)
    return groups


def format_lines(api, cells, style):
    """A table of formats by uses: the worst verdict, how many cells have it, and how many cells there are."""
    groups = {}
    for cell in cells:
        groups.setdefault((cell["cell"]["format"], cell["cell"]["use"]), []).append(cell)
    formats = list(dict.fromkeys(format_ for format_, _ in groups))  # cells come worst first, so do the formats
    uses = sorted({use for _, use in groups}, key=lambda u: (USES.index(u) if u in USES else len(USES), u))
    width = max(map(len, (*formats, api))) + 2
    lines = []
    for some in _rows_of(uses, (shutil.get_terminal_size((110, 0)).columns - width - 2) // WIDTH):
        lines += [""] if lines else []
        lines.append("  " + api.ljust(width) + "".join(use.ljust(WIDTH) for use in some).rstrip())
        for format_ in formats:
            entries = [_entry(groups.get((format_, use)), style) for use in some]
            if any(map(str.strip, entries)):
                lines.append("  " + format_.ljust(width) + "".join(entries).rstrip())
    return lines


def _rows_of(values, count):
    return [values[i : i + max(count, 1)] for i in range(0, len(values), max(count, 1))]


def _entry(cells, style):
    if not cells:
        return " " * WIDTH
    worst = min((cell["verdict"] for cell in cells), key=words.severity)
    notes = [cell["note"] for cell in cells if cell["verdict"] == worst]
    share = f"{len(notes)}" + (f" of {len(cells)}" if len(notes) < len(cells) else "")
    text = f"{style.symbol(worst)} {share} {style.mark(min(notes, key=words.rank))}"
    return style.paint(text.ljust(WIDTH), worst)


def finding_lines(cells, style):
    """A line for each finding: how many cells it has, its name, and whether it is new; of new ones an example."""
    found = grouped(cells)
    lines = [f"Findings ({len(found)}):"] if found else []
    for tie, some in found[:FINDINGS]:
        worst, noted = some[0]["verdict"], note(some)
        text = f"  {style.symbol(worst)} {len(some):>5}  {style.mark(noted)} {words.NOTE_OF[noted].word:<6} "
        lines.append(style.paint(text + words.printable(tie["name"]), worst))
        lines += [f"      {some[0]['path']}"] if noted == "new" else []
    if len(found) > FINDINGS:
        lines.append(f"  and {len(found) - FINDINGS} more in findings.json and on the page")
    return lines


def worst_lines(cells, style):
    """Of what fails the gate and is no finding (no proof, fixed), one cell of each of the most frequent kinds."""
    failing = [cell for cell in cells if not cell["passes"] and not cell["findings"]]
    alike = Counter(map(_kind, failing))
    shown = list({_kind(cell): cell for cell in reversed(failing)}.values())[::-1]
    shown.sort(key=lambda c: (words.severity(c["verdict"]), -alike[_kind(c)]))
    lines = ["No finding, but it fails the gate:"] if shown else []
    for cell in shown[:WORST]:
        more = alike[_kind(cell)] - 1
        lines.append(style.paint(f"  {style.symbol(cell['verdict'])} {cell['path']}", cell["verdict"]))
        lines.append(f"      {words.printable(cell.get('reason') or '')}" + (f" (and {more} like it)" if more else ""))
    if len(shown) > WORST:
        lines.append(f"  and {len(shown) - WORST} more kinds on the page")
    return lines


def _kind(cell):
    """What cells of one kind share: verdict, note, format, outcome and lost facets."""
    return cell["verdict"], cell["note"], cell["cell"]["format"], cell.get("outcome"), tuple(cell["lost"])


def door_lines(cells):
    """For each brought artifact, what it could run, read or write when it is loaded."""
    doors = {cell["cell"]["model"]: cell["doors"] for cell in cells if cell.get("doors")}
    lines = ["Could run, read or write (the page says where and why):"] if doors else []
    for model, some in sorted(doors.items()):
        kinds = Counter(door["what"] for door in some)
        lines.append(f"  {model}: " + ", ".join(f"{words.printable(what)} {n}" for what, n in kinds.items()))
    return lines


def gate_lines(gate, style):
    """The result of the gate in one line; red or orange as long as anything is bad, known or not."""
    bad = next((id_ for id_, n in gate["counts"].items() if n and words.verdict(id_).kind == words.BAD), "kept")
    return [style.paint(line, bad if gate["passed"] else "broken") for line in gate_.lines(gate, 0)[:1]]
