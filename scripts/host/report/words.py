"""What the words of a report mean: one place for the page, the terminal, the XML and the gate."""

from typing import NamedTuple

from host.judge import facets


class Verdict(NamedTuple):
    """A final verdict: how it is shown, what it means, whether the gate lets it pass."""

    id: str
    word: str
    symbol: str
    ascii: str
    ansi: str
    passes: bool
    meaning: str


#: worst first: the order of everything that is listed
VERDICTS = (
    Verdict("silent_loss", "silent loss", "!", "!", "1;35", False, "Promised, wrong after loading, and nothing said."),
    Verdict("broken", "broken", "✕", "x", "1;31", False, "Promised, and loading or using it raised or crashed."),
    Verdict("degraded", "degraded", "▼", "v", "33", False, "Promised and lost, but a warning announced the loss."),
    Verdict(
        "not_reproducible",
        "not reproducible",
        "↻",
        "~",
        "33",
        False,
        "Training did not repeat bit for bit before saving, so nothing could be judged: a fault of the harness.",
    ),
    Verdict("unproved", "unproved", "?", "?", "33", False, "Nothing was compared, so nothing is claimed."),
    Verdict(
        "unbuildable", "unbuildable", "⊘", "-", "33", False, "The environment could not be installed, so nothing ran."
    ),
    Verdict("fixed", "fixed", "★", "*", "36", False, "A known issue is gone: remove its expectation."),
    Verdict("known", "known", "◆", "=", "36", True, "Lost or broken just as an expectation with a link says."),
    Verdict("not_promised", "not promised", "○", "o", "37", True, "Lost, and the documentation never promised it."),
    Verdict("kept", "kept", "✓", "+", "32", True, "All that was promised came back intact."),
)
BY_ID = {v.id: v for v in VERDICTS}

OUTCOMES = {
    "loaded": "The artifact was loaded and used.",
    "loaded_with_warnings": "Loaded and used; something was said meanwhile.",
    "refused": "An exception was raised.",
    "crashed": "The process died (abort, signal) without an exception.",
    "timeout": "The process was still at it when its time was up, and was ended.",
    "out_of_memory": "Memory ran out, or the limit on it was met.",
    "not_trained": "Training failed before there was anything to save: a fault of the harness.",
    "unbuildable": "The environment cannot be installed here.",
    "excluded": "The axes do not fit together; never run.",
}

STATUSES = {
    "different": ("✕", "Beyond the tolerance, or another value altogether."),
    "missing": ("∅", "The reference has it; what came back does not."),
    "close": ("≈", "Not the same bits, but within the stated tolerance."),
    "not_compared": ("–", "This route gives nothing to compare."),
    "identical": ("✓", "The same bits, or the same description."),
}

#: the statuses that mean that a facet did not survive
LOST = ("different", "missing")
KEPT = ("identical", "close")

#: facet -> what it is, in the order in which facets are shown
FACETS = {id_: facet.MEANING for id_, facet in facets.every().items()}


def verdict(id_):
    """The verdict of this id; one that is not known never passes."""
    return BY_ID.get(id_) or Verdict(id_, str(id_).replace("_", " "), "?", "?", "33", False, "Not a known verdict.")


def severity(id_):
    """Position in the order, the worst is 0; an unknown verdict comes before all."""
    return next((i for i, v in enumerate(VERDICTS) if v.id == id_), -1)


def printable(text):
    """The text in one line, without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
