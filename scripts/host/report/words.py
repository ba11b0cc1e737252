"""The words of a report and their meanings, for the page, the terminal, the XML and the gate."""

from typing import NamedTuple

from host.judge import facets


class Verdict(NamedTuple):
    """A final verdict: how it is shown, what it means, and whether it passes the gate."""

    id: str
    word: str
    symbol: str
    ascii: str
    ansi: str
    passes: bool
    meaning: str


#: worst first; all lists use this order
VERDICTS = (
    Verdict("silent_loss", "silent loss", "!", "!", "1;35", False, "Promised, wrong, and no message announced it."),
    Verdict("broken", "broken", "✕", "x", "1;31", False, "Promised, but saving, loading or using it failed."),
    Verdict("crashed", "crashed", "☠", "X", "1;31", False, "The process died, whatever had been promised."),
    Verdict("timeout", "timeout", "⧗", "T", "1;31", False, "The process did not end within its time limit."),
    Verdict("out_of_memory", "out of memory", "▲", "M", "1;31", False, "The process reached its memory limit."),
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
    Verdict("user_code", "your code", "✎", "c", "33", False, "Your own code raised, or the data do not fit it."),
    Verdict(
        "nondeterministic",
        "nondeterministic",
        "≠",
        "%",
        "33",
        False,
        "A second call with the same inputs gave other outputs, so nothing can be held against them.",
    ),
    Verdict(
        "not_run", "not run", "…", ".", "33", False, "A fault of the machine or of ours. The next run tries again."
    ),
    Verdict("unproved", "unproved", "?", "?", "33", False, "Nothing was compared, so nothing is claimed."),
    Verdict(
        "unbuildable", "unbuildable", "⊘", "-", "33", False, "The environment could not be installed, so nothing ran."
    ),
    Verdict("fixed", "fixed", "★", "*", "36", False, "A known issue is gone: remove its expectation."),
    Verdict("known", "known", "◆", "=", "36", True, "Lost or broken exactly as an expectation says."),
    Verdict("not_promised", "not promised", "○", "o", "37", True, "Lost, but no documentation promises it."),
    Verdict("not_applicable", "not applicable", "∅", "n", "37", True, "Your model is of a kind that is left out here."),
    Verdict("kept", "kept", "✓", "+", "32", True, "Everything that was promised is intact."),
)
BY_ID = {v.id: v for v in VERDICTS}

OUTCOMES = {
    "loaded": "The artifact was loaded and used.",
    "loaded_with_warnings": "The artifact was loaded and used, and there were messages.",
    "refused": "An exception was raised.",
    "denied": "The sandbox kept the step from a file or the network, and it raised an exception.",
    "crashed": "The process died (abort, signal) without an exception.",
    "timeout": "The process did not end within its time limit, and was killed.",
    "out_of_memory": "Memory ran out, or the process reached its memory limit.",
    "not_trained": "Training failed, so there was nothing to save: a fault of the harness.",
    "unbuildable": "The environment cannot be installed on this machine.",
    "not_run": "A step could not be run, by a fault of the machine or of the harness.",
    "user_code": "The code of the user's model raised, or its data do not fit.",
    "not_applicable": "The user's model is of a kind that is left out here.",
    "excluded": "Not run: the members do not fit together.",
}

STATUSES = {
    "different": ("✕", "Beyond the tolerance, or another value altogether."),
    "missing": ("∅", "The reference has it, but the loaded model does not."),
    "close": ("≈", "Not the same bits, but within the stated tolerance."),
    "not_compared": ("–", "There was nothing to compare."),
    "identical": ("✓", "The same bits, or the same description."),
}

#: the statuses that mean that a facet did not survive
LOST = ("different", "missing")
KEPT = ("identical", "close")

#: facet -> what it is, in the order in which facets are shown
FACETS = {id_: facet.MEANING for id_, facet in facets.every().items()}


def verdict(id_):
    """The verdict with this id; an unknown one never passes."""
    return BY_ID.get(id_) or Verdict(id_, str(id_).replace("_", " "), "?", "?", "33", False, "Not a known verdict.")


def severity(id_):
    """The position in VERDICTS (0 is the worst); an unknown verdict comes before all others."""
    return next((i for i, v in enumerate(VERDICTS) if v.id == id_), -1)


def printable(text):
    """The text in one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text)
