"""What one model kept and lost on one way, of its verdict: only what was compared is claimed."""

import textwrap

from host.judge import facets
from host.report import words
from roundtrip import members

#: verdicts that say nothing of the way -> status
NOTHING_SHOWN = {
    "not_run": "not_run",
    "unbuildable": "not_run",
    "user_code": "not_applicable",
    "not_applicable": "not_applicable",
    "not_reproducible": "unproved",
    "nondeterministic": "unproved",
    "unproved": "unproved",
}
#: status -> its words; the best first
STATUSES = {
    "works": "keeps everything",
    "loses": "loses something",
    "fails": "fails",
    "unproved": "not proved",
    "not_applicable": "not applicable",
    "not_run": "not run",
}
#: the facets that are the model itself: without them it predicts something else
MODEL = ("architecture", "weights", "non_trainable_state", "predictions")
#: lines of evidence for each lost facet, and characters of a message
LINES, MESSAGE = 4, 200


def result(verdict):
    """The result of one model on one way, as plain JSON (config/schemas/upgrade.schema.yaml, ``result``)."""
    relevant = {n: verdict["facets"][n] for n in facets.every() if verdict["facets"].get(n, {}).get("relevant")}
    lost = [n for n, f in relevant.items() if f["status"] in words.LOST]
    kept = [n for n, f in relevant.items() if f["status"] in words.KEPT]
    shown = [n for n in kept if n not in facets.derived() and n not in facets.owed()]
    from_code = members.member("loaders", verdict["cell"]["loader"]).SUPPLIES
    error = verdict.get("error") or {}
    first = facets.first_lost(lost)
    return {
        "status": status(verdict, lost, kept),
        "keeps": [n for n in shown if n not in from_code],
        "from_code": [n for n in shown if n in from_code],
        "loses": first,
        "wholly": [n for n in first if relevant[n].get("differing") == relevant[n].get("compared")],
        "follows": [n for n in lost if n not in first],
        "not_compared": [n for n in facets.purposes() if relevant.get(n, {}).get("status") == "not_compared"],
        "announced": any(relevant[n].get("announced") for n in lost),
        "outcome": verdict["outcome"],
        "stage": verdict.get("stage"),
        "error": error.get("type"),
        "message": textwrap.shorten(error.get("message") or "", MESSAGE, placeholder=" ..."),
        "verdict": verdict["verdict"],
        "reason": verdict["reason"],
        "evidence": {n: evidence(relevant[n]) for n in lost},
        "warnings": len(verdict["warnings"]),
    }


def status(verdict, lost, kept):
    """A key of STATUSES. Where nothing was compared, nothing is kept."""
    if verdict["verdict"] in NOTHING_SHOWN:
        return NOTHING_SHOWN[verdict["verdict"]]
    if not verdict["outcome"].startswith("loaded"):
        return "fails"
    if lost:
        return "loses"
    return "works" if kept else "unproved"


def evidence(facet):
    """The first lines that say what differs."""
    return [line for line in facet["detail"] if "as the code says" not in line][:LINES]


def gravity(result):
    """How much is lost, for the order: whether it is the model itself, then how many facets. A failure loses all."""
    if result["status"] == "fails":
        return True, 0, False
    return bool(set(result["loses"]) & set(MODEL)), len(result["loses"]), bool(result["not_compared"])
