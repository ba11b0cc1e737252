"""The verdict on a brought artifact as plain JSON (roundtrip.records.VERDICT)."""

from roundtrip.records.seal import KEY

#: the verdict's name of the use
USES = {"inference": "inference alone: training was not judged", "resume": "resume, one step of fit"}
DENIED = (
    "The sandbox denied what this route tried, so nothing is claimed: {}. If you trust the file, mark it"
    " `trusted: true` (docs/safety.md)."
)
NONDETERMINISTIC = "A second call with the same inputs gave other values for {}: nothing can be held against them."


def to_json(case, manifest):
    """The verdict of a host.judge.brought.Judged."""
    cell, facts, path = case.cell, case.mine.facts, case.path
    warned = case.ending.outcome == "loaded" and case.messages
    return {
        "cell": cell._asdict(),
        "titles": {"format": case.about["title"], "loader": path.loader.TITLE, "use": USES[cell.use]},
        "crossing": path.crossing,
        "verdict": case.verdict,
        "reason": case.reason,
        "records": {"manifest": manifest[KEY], "observed": facts[KEY]},
        "promised": case.contract.promised,
        "facets": {f: _facet(case, f, r) for f, r in case.results.items()},
        "outcome": "loaded_with_warnings" if warned else case.ending.outcome,
        "stage": case.ending.stage,
        "error": case.ending.error,
        "warnings": case.messages,
        "files": [dict(f, explanation="as the user brought it") for f in manifest["files"]],
        "notes": facts.get("notes", {}),
        "doors": case.about["doors"],
        "trusted": case.item["trusted"],
        "seconds": facts["seconds"],
        "peak_memory_mb": facts.get("usage", {}).get("peak_mb"),
        "trajectory": None,
        "all_signatures": facts.get("all_signatures"),
    }


def _facet(case, facet, result):
    promised = case.contract.promised
    link = promised.get(facet) or case.contract.withdrawn.get(facet)
    return {
        **result.to_json(),
        "promised": facet in promised,
        "link": link,
        "relevant": facet in case.contract.relevant,
    }


def of_failure(case):
    """The words on a failure: its cause where one is known, who wrote the artifact, and which routes read it."""
    error = case.ending.error or {}
    line = next(iter((error.get("message") or "").strip().splitlines()), "")[:300]
    why = case.cause.text if case.cause else f"{error.get('type')}: {line.rstrip('.')}."
    writer = f" Written by {case.about['api']}, {case.about['version']}." if case.about["api"] else ""
    readers = sorted({r.id for r in case.readings if r.loaded and r is not case.mine})
    return why + writer + (f" Read by: {', '.join(readers[:4])}." if readers else " No route reads it.")
