"""Made-up verdicts of an upgrade, and its answer."""

from helpers.places import ROOT
from host.environments.declared import load_all
from host.upgrade.answer import answer

QUESTION = {"from": "tf2.15-keras2", "to": "tf2.21-keras3", "format": "h5", "use": "resume", "models": ["mlp"]}
ENVIRONMENTS = load_all([ROOT / "envs"])
FACETS = ("architecture", "weights", "optimizer_config", "optimizer_state", "compile_config", "resume_trajectory")
#: ways
LOAD, UNCOMPILED = {"loader": "load_model"}, {"loader": "load_model_no_compile"}
BESIDE = {"loader": "load_model", "consumer": "tf2.21-keras2"}
BRIDGE = {
    "via": "tf2.21-keras2",
    "via_loader": "load_model",
    "via_format": "weights_h5",
    "loader": "build_optimizer_load_weights",
}
#: what happens on them
KEPT = {}
LOST = {"lost": ("optimizer_state", "resume_trajectory")}
WRONG = {"lost": ("weights", "resume_trajectory")}
FAILS = {
    "outcome": "refused",
    "stage": "load",
    "verdict": "broken",
    "error": {"type": "TypeError", "message": "Could not <locate> class 'Functional'"},
}
NOT_RUN = {"outcome": "not_run", "verdict": "not_run", "reason": "The disk was full.", "compared": ()}
UNPROVED = {"verdict": "unproved", "reason": "Nothing could be compared.", "compared": ()}


def verdict(way, lost=(), compared=FACETS, **changes):
    """A verdict of a way, with some facets lost; ``changes`` are more of its keys."""
    cell = {"model": changes.pop("model", "mlp"), "consumer": QUESTION["to"], **way}
    statuses = {n: "not_compared" if n not in compared else "different" if n in lost else "identical" for n in FACETS}
    facets = {
        n: {"status": s, "relevant": True, "detail": [f"{n} is other"], "compared": 2, "differing": 2, "announced": []}
        for n, s in statuses.items()
    }
    made = {"outcome": "loaded", "stage": None, "error": None, "verdict": "kept", "reason": "So it is.", "warnings": []}
    return {"cell": cell, "facets": facets, **made, **changes}


def answered(*verdicts, **changes):
    """The answer to the question for these verdicts."""
    return answer({**QUESTION, **changes}, verdicts, ENVIRONMENTS)
