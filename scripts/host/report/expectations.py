"""Expectations: what is known to go wrong, with a link; and what the matrix says of them."""

import fnmatch

from packaging.specifiers import SpecifierSet

from host import schemas
from host.judge import facets
from host.report.words import LOST
from host.select.matrix import traits
from roundtrip import members

#: a cell's raw verdict -> whether it must be explained by an expectation
UNEXPECTED = ("silent_loss", "broken", "degraded")

#: axis of an expectation that is a version range -> (the end that it speaks of, the runtime's attribute)
VERSIONS = {
    "keras": ("consumer", "version"),
    "tensorflow": ("consumer", "tensorflow"),
    "producer_keras": ("producer", "version"),
    "producer_tensorflow": ("producer", "tensorflow"),
}


def load(path):
    """The entries of an expectations file, schema-checked. Raises host.select.configuration.ConfigError."""
    return schemas.validate(schemas.load_yaml(path) or [], "expectations", str(path))


def matches(entry, cell, runtimes):
    """Whether an expectation's axes match a cell.

    ``api``, ``keras`` and ``tensorflow`` (version ranges) speak of the consumer, ``producer_keras`` and
    ``producer_tensorflow`` of the producer, where the loss happens at saving.
    """
    if any(_axis(axis, globs, cell, runtimes) for axis, globs in entry.get("except", {}).items()):
        return False
    return all(_axis(axis, globs, cell, runtimes) for axis, globs in entry["match"].items())


def _axis(axis, wanted, cell, runtimes):
    runtime = runtimes[cell["consumer"]]
    if axis in VERSIONS:
        end, attribute = VERSIONS[axis]
        known = runtimes.get(cell[end])  # an artifact that the user brought has no producer among them
        return known is not None and SpecifierSet(wanted).contains(getattr(known, attribute), prereleases=True)
    globs = [wanted] if isinstance(wanted, str) else wanted
    if axis == "trait":
        known = cell["model"] in members.names("models")  # an artifact that the user brought is no member
        values = (traits(members.member("models", cell["model"])) if known else set()) | {"any"}
    else:
        values = {runtime.api if axis == "api" else cell[axis]}
    return any(fnmatch.fnmatch(value, glob) for value in values for glob in globs)


def holds(entry, verdict, runtimes):
    """Whether the cell shows just what the expectation says: verdict, facets lost, words of the error or a warning.

    The facets must be those that were lost, no more and no fewer; what merely follows from them (a trajectory from a
    lost optimizer) need not be named. One more loss is another finding, and not excused. Of a path that failed when
    it was used they are what had been lost before; of one that failed earlier nothing was compared.
    """
    if verdict["verdict"] != entry["verdict"] or first_lost(verdict) != set(entry.get("facets", ())):
        return False
    if "message" not in entry:
        return True
    words = wording(entry["message"], verdict["cell"], runtimes)
    said = [(verdict.get("error") or {}).get("message", "")] + [w["message"] for w in verdict["warnings"]]
    return words is not None and any(words in text for text in said)


def wording(message, cell, runtimes):
    """The words expected of this cell: of several wordings the one whose conditions fit, else the one without any."""
    if isinstance(message, str):
        return message
    for given in sorted(message, key=lambda given: len(given) == 1):
        if all(_axis(axis, given[axis], cell, runtimes) for axis in given if axis != "words"):
            return given["words"]
    return None


def first_lost(verdict):
    """The promised facets that a cell lost, of those that decide, without what follows from another lost one."""
    lost = {
        name
        for name, facet in verdict["facets"].items()
        if facet["status"] in LOST and facet["promised"] and facet.get("relevant", True)
    }
    return {facet for facet in lost if not rests_on(facet) & lost}


def rests_on(facet):
    """All that a facet follows from, at any depth; a trajectory also from the seeds that dropout draws by."""
    seeds = {"rng_state"} if facet == "resume_trajectory" else set()
    return {*facets.roots(facet), *seeds} - {facet}


def judge(verdicts, entries, runtimes):
    """Add ``final`` (verdict) and ``expectation`` (entry or None) to each verdict; returns them.

    ``known``: as an expectation says. ``fixed``: an expectation matches, yet all is kept now, so the
    expectation must go. A cell that is bad in another way than expected keeps its own verdict.
    """
    for verdict in verdicts:
        matching = [e for e in entries if matches(e, verdict["cell"], runtimes)]
        holding = [e for e in matching if holds(e, verdict, runtimes)]
        verdict["final"], verdict["expectation"] = verdict["verdict"], None
        if holding:
            verdict["expectation"] = holding[0]
            verdict["final"] = "known" if verdict["verdict"] in UNEXPECTED else verdict["verdict"]
        elif matching and verdict["verdict"] == "kept":
            verdict["expectation"] = matching[0]
            verdict["final"] = "fixed"
    return verdicts
