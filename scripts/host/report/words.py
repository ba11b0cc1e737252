"""The words of a report and their meanings, for the page, the terminal, the XML and the gate."""

from typing import NamedTuple

from host.judge import facets

#: what a verdict says of a cell: bad; no proof was possible; nothing was promised; all that was promised is kept
BAD, NO_PROOF, NO_PROMISE, GOOD = "bad", "no_proof", "no_promise", "good"


class Verdict(NamedTuple):
    """A verdict: what happens, how it is shown, and what it means."""

    id: str
    word: str
    symbol: str
    ascii: str
    ansi: str
    kind: str
    meaning: str


class Note(NamedTuple):
    """A note on a verdict: what the expectations say of it, and whether such a cell passes the gate."""

    id: str
    word: str
    symbol: str
    ascii: str
    passes: bool
    meaning: str


#: worst first; all lists use this order
VERDICTS = (
    Verdict("silent_loss", "silent loss", "!", "!", "1;35", BAD, "Promised, wrong, and no message announced it."),
    Verdict("broken", "broken", "✕", "x", "1;31", BAD, "Promised, but saving, loading or using it failed."),
    Verdict("crashed", "crashed", "☠", "X", "1;31", BAD, "The process died, whatever had been promised."),
    Verdict("timeout", "timeout", "⧗", "T", "1;31", BAD, "The process did not end within its time limit."),
    Verdict("out_of_memory", "out of memory", "▲", "M", "1;31", BAD, "The process reached its memory limit."),
    Verdict("degraded", "degraded", "▼", "v", "33", BAD, "Promised and lost, but a warning announced the loss."),
    Verdict(
        "not_reproducible",
        "not reproducible",
        "↻",
        "~",
        "33",
        NO_PROOF,
        "Training did not repeat bit for bit before saving, so nothing could be judged: a fault of the harness.",
    ),
    Verdict("user_code", "your code", "✎", "c", "33", NO_PROOF, "Your own code raised, or the data do not fit it."),
    Verdict(
        "nondeterministic",
        "nondeterministic",
        "≠",
        "%",
        "33",
        NO_PROOF,
        "A second call with the same inputs gave other outputs, so nothing can be held against them.",
    ),
    Verdict(
        "not_run", "not run", "…", ".", "33", NO_PROOF, "A fault of the machine or of ours. The next run tries again."
    ),
    Verdict("unproved", "unproved", "?", "?", "33", NO_PROOF, "Nothing was compared, so nothing is claimed."),
    Verdict(
        "unbuildable", "unbuildable", "⊘", "-", "33", NO_PROOF, "The environment could not be installed: nothing ran."
    ),
    Verdict(
        "not_promised_fails",
        "fails, not promised",
        "⊗",
        "f",
        "37",
        NO_PROMISE,
        "Not loadable here: saving, loading or using it raised, and no documentation promises that it works.",
    ),
    Verdict(
        "not_promised_lost", "lost, not promised", "○", "o", "37", NO_PROMISE, "Lost, but no documentation promises it."
    ),
    Verdict(
        "not_promised_random",
        "random state lost",
        "◌",
        "r",
        "37",
        NO_PROMISE,
        "Only the random state (seeds) is lost, and no documentation promises it.",
    ),
    Verdict(
        "not_promised_there",
        "there, not promised",
        "◐",
        "t",
        "37",
        NO_PROMISE,
        "Nothing was promised; all is there.",
    ),
    Verdict("not_applicable", "not applicable", "∅", "n", "37", NO_PROMISE, "Your model is of a kind left out here."),
    Verdict("kept", "kept", "✓", "+", "32", GOOD, "Everything that was promised is intact."),
)
BY_ID = {v.id: v for v in VERDICTS}

NOTES = (
    Note("new", "new", "✚", "#", False, "Bad, and no expectation says so."),
    Note("known", "known", "◆", "=", True, "Bad, exactly as an expectation says."),
    Note("fixed", "fixed", "★", "*", False, "Kept, though an expectation says that it is bad: remove that."),
    Note("none", "no note", "", "", True, "No expectation speaks of it."),
)
NOTE_OF = {n.id: n for n in NOTES}

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
    "not_reached": ("⊗", "Saving, loading or using it failed before it could be compared. It counts as lost."),
    "not_compared": ("–", "There was nothing to compare."),
    "identical": ("✓", "The same bits, or the same description."),
}

#: the statuses that mean that a facet did not survive
LOST = ("different", "missing")
#: those that count as lost in every share and table: what could not be loaded is not there
GONE = (*LOST, "not_reached")
KEPT = ("identical", "close")

#: facet -> what it is, in the order in which facets are shown
FACETS = {id_: facet.MEANING for id_, facet in facets.every().items()}


def verdict(id_):
    """The verdict with this id; an unknown one never passes."""
    return BY_ID.get(id_) or Verdict(id_, str(id_).replace("_", " "), "?", "?", "33", NO_PROOF, "Not a known verdict.")


def passes(id_, note):
    """Whether a cell passes the gate. No proof never passes, and what is bad only with a note that passes."""
    return verdict(id_).kind != NO_PROOF and NOTE_OF[note].passes and (note == "known" or verdict(id_).kind != BAD)


def severity(id_):
    """The position in VERDICTS (0 is the worst); an unknown verdict comes before all others."""
    return next((i for i, v in enumerate(VERDICTS) if v.id == id_), -1)


def rank(note):
    """The position of a note in NOTES: what is new comes first."""
    return list(NOTE_OF).index(note)


def counted(counts):
    """{verdict: number} in words: ``silent loss 3, broken 1``."""
    return ", ".join(f"{verdict(id_).word} {number}" for id_, number in counts.items() if number)


def printable(text):
    """The text in one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text)
