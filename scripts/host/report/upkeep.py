"""Checks the expectations that a run used: an entry fails if its review is overdue or it explains several causes.

An entry that was written for one finding must not excuse another. All cells that it explains must have ended in the
same way: with the same outcome, at the same stage, and with the same facets lost.
"""

from collections import Counter

from host.report.expectations import first_lost


def problems(cells, today, file):
    """The entries that fail the gate: a list of {"entry", "problem", "remedy"}.

    Parameters
    ----------
    cells : list of dict
        Judged cells (host.report.cells.judge), each with its ``expectation``.
    today : datetime.date
    file : str
        The file of the expectations, for the texts of the remedies.
    """
    explained = {}
    for cell in cells:
        if cell["expectation"]:
            explained.setdefault(id(cell["expectation"]), (cell["expectation"], []))[1].append(cell)
    failing = []
    for entry, own in explained.values():
        if entry["review"] < today.isoformat():
            failing.append(overdue(entry, file))
        endings = Counter(ending(cell) for cell in own if cell["note"] == "known")
        if len(endings) > 1:
            failing.append(several_causes(entry, endings, file))
    return failing


def ending(cell):
    """How a cell ended, as text: outcome, stage and lost facets."""
    where = f" at stage {cell['stage']}" if cell.get("stage") else ""
    facets = ", ".join(sorted(first_lost(cell))) or "no facet"
    return f"{cell['outcome'].removesuffix('_with_warnings')}{where}, {facets} lost"


def overdue(entry, file):
    """The problem of an entry whose review is due."""
    remedy = (
        f"Its review was due on {entry['review']}. Read {entry['link']}. If the finding is still true, set a later"
        f" `review` in {file}; else remove the entry."
    )
    return {"entry": name(entry), "problem": "overdue", "remedy": remedy}


def several_causes(entry, endings, file):
    """The problem of an entry that explains cells that ended in more than one way."""
    listed = "; ".join(f"{count} x {text}" for text, count in endings.most_common())
    remedy = f"It explains cells that ended in more than one way ({listed}). Write one entry for each in {file}."
    return {"entry": name(entry), "problem": "several causes", "remedy": remedy}


def name(entry):
    """An entry in one line: its verdict and what it matches."""
    axes = (f"{axis}: {' | '.join([v] if isinstance(v, str) else v)}" for axis, v in entry["match"].items())
    return f"{entry['verdict']}, {', '.join(axes)}"
