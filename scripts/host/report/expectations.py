"""Expectations: known findings, each with its link, and the notes that they put on the verdicts of cells."""

import fnmatch
import functools

from packaging.specifiers import SpecifierSet

from host import schemas
from host.judge import facets
from host.report import words
from host.report.words import LOST
from host.select.matrix import traits
from roundtrip import members

#: axis of an expectation that takes a version range -> (axis of the cell, attribute of that runtime)
VERSIONS = {
    "keras": ("consumer", "version"),
    "tensorflow": ("consumer", "tensorflow"),
    "producer_keras": ("producer", "version"),
    "producer_tensorflow": ("producer", "tensorflow"),
}


def load(path):
    """The entries of an expectations file, checked against its schema. Raises host.schemas.ConfigError."""
    return schemas.validate(schemas.load_yaml(path) or [], "expectations", str(path))


def matches(entry, cell, runtimes):
    """Whether an expectation's axes match a cell.

    ``api``, ``keras`` and ``tensorflow`` (version ranges) match the consumer; ``producer_keras`` and
    ``producer_tensorflow`` match the producer, for losses that happen when saving.
    """
    if any(_axis(axis, globs, cell, runtimes) for axis, globs in entry.get("except", {}).items()):
        return False
    return all(_axis(axis, globs, cell, runtimes) for axis, globs in entry["match"].items())


def _axis(axis, wanted, cell, runtimes):
    runtime = runtimes[cell["consumer"]]
    if axis in VERSIONS:
        end, attribute = VERSIONS[axis]
        known = runtimes.get(cell[end])  # None for the producer of a brought artifact
        return known is not None and in_range(getattr(known, attribute), wanted)
    globs = [wanted] if isinstance(wanted, str) else wanted
    if axis == "trait":
        values = traits_of(cell) | {"any"}
    else:
        values = {runtime.api if axis == "api" else cell[axis]}
    return any(fnmatch.fnmatch(value, glob) for value in values for glob in globs)


@functools.cache
def in_range(version, wanted):
    """Whether a version lies in a range; asked millions of times for 100,000 cells."""
    return SpecifierSet(wanted).contains(version, prereleases=True)


def is_member(cell):
    """Whether the model is one of this project's: neither a user's nor a brought artifact."""
    return cell["model"] in members.names("models")


def is_of_user(verdict):
    """Whether the model is the user's: an entry speaks of the models that it was written for, and is not done with."""
    return "traits" in verdict and not is_member(verdict["cell"])


def traits_of(cell):
    """The traits of a cell's model; those of a user's model stand in its verdict (``judge``)."""
    return traits(members.member("models", cell["model"])) if is_member(cell) else set(cell.get("traits", ()))


def holds(entry, verdict, runtimes):
    """Whether a cell shows exactly what the expectation says: verdict, lost facets, words of the error or a warning.

    The entry must name all lost facets and no other. Facets that only follow from them (a trajectory from a lost
    optimizer) need not be named. One more loss is another finding. For a path that failed when it was used, the
    facets are those that were lost before; for a path that failed earlier there are none.
    """
    if verdict["verdict"] != entry["verdict"] or first_lost(verdict) != set(entry.get("facets", ())):
        return False
    if "message" not in entry:
        return True
    expected = wording(entry["message"], verdict["cell"], runtimes)
    messages = [(verdict.get("error") or {}).get("message", "")] + [w["message"] for w in verdict["warnings"]]
    return expected is not None and any(expected in text for text in messages)


def wording(message, cell, runtimes):
    """The words expected in this cell: of several wordings, the one whose conditions match, else the unconditional."""
    if isinstance(message, str):
        return message
    for given in sorted(message, key=lambda given: len(given) == 1):
        if all(_axis(axis, given[axis], cell, runtimes) for axis in given if axis != "words"):
            return given["words"]
    return None


def first_lost(verdict):
    """The promised and relevant facets that a cell lost, without those that follow from another lost facet."""
    lost = {
        name
        for name, facet in verdict["facets"].items()
        if facet["status"] in LOST and facet["promised"] and facet.get("relevant", True)
    }
    return set(facets.first_lost(lost))


def judge(verdicts, entries, runtimes):
    """Add ``note`` (the id of one of words.NOTES) and ``expectation`` (entry or None) to each verdict; returns them.

    ``known``: the cell is bad exactly as an expectation says. ``new``: it is bad, and no expectation says so.
    ``fixed``: an expectation says that it is bad, and it is kept; remove the expectation. The verdict stays.
    """
    for verdict in verdicts:
        verdict["note"], verdict["expectation"] = noted(verdict, entries, runtimes)
    return verdicts


def noted(verdict, entries, runtimes):
    """(note, entry or None) of a verdict."""
    bad = words.verdict(verdict["verdict"]).kind == words.BAD
    cell = {**verdict["cell"], "traits": verdict.get("traits") or ()}
    matching = [e for e in entries if matches(e, cell, runtimes)]
    holding = [e for e in matching if holds(e, verdict, runtimes)]
    if bad:
        return ("known", holding[0]) if holding else ("new", None)
    if matching and verdict["verdict"] == "kept" and not is_of_user(verdict):
        return "fixed", matching[0]
    return "none", None
