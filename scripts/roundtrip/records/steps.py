"""The records of the steps: reference, manifest, observation, and the reading of a brought artifact."""

from roundtrip.records.parts import (
    CELL,
    DESCRIPTION,
    DIAGNOSTICS,
    ERROR,
    EVALUATION,
    EXPECTED_AND_FOUND,
    FILE,
    LOGS,
    LOOK,
    NAMED_ARRAYS,
    NOTES,
    OUTPUTS,
    REWRITE,
    SECONDS,
    SIGNATURES,
    STATE,
    USAGE,
)
from roundtrip.records.words import FLAG, TEXT, TEXTS, a_list, a_map, a_text, an_object, or_null

#: a step's outcome -> what happened
OUTCOMES = {
    "done": "the step did what it is for",
    "loaded": "the artifact was loaded and used",
    "refused": "an exception was raised",
    "crashed": "the process died without an exception",
    "timeout": "the time limit ended the process",
    "out_of_memory": "memory ran out, or its limit was met",
    "not_reached": "an earlier step failed, and left nothing to do",
    "unbuildable": "the environment could not be built",
}


def _step(of_its_own, *required):
    """A record of a step: what every step has, and what this one has beside."""
    common = {
        "cell": or_null(CELL),
        "outcome": a_text("what happened", *OUTCOMES),
        "error": ERROR,
        "diagnostics": DIAGNOSTICS,
        "seconds": SECONDS,
        "usage": USAGE,
        "earlier": a_text("the outcome of the step that left nothing to do"),
    }
    return an_object(dict(common, **of_its_own), ("cell", "outcome", "diagnostics", "seconds") + required)


REFERENCE = _step(
    {
        "trajectory_before": LOGS,
        "state": STATE,
        "state_digest": a_text("one digest of the whole state"),
        "describe": DESCRIPTION,
        "predictions": OUTPUTS,
        "evaluation": EVALUATION,
        "trajectory": LOGS,
        "final_state": STATE,
        "graph_rewrite": REWRITE,
    }
)
MANIFEST = _step(
    {
        "state_digest": TEXT,
        "reproducible": dict(FLAG, description="whether training reached the reference's state bit for bit"),
        "live": an_object({"before": LOOK, "after": LOOK}, description="the model before and after it was saved"),
        "signatures": SIGNATURES,
        "files": a_list(an_object(FILE, FILE)),
        "empty_folders": TEXTS,
        "strays": a_list(TEXT, "what lies beside what the format consists of; not taken along"),
    }
)
OBSERVATION = _step(
    {
        "notes": NOTES,
        "describe": DESCRIPTION,
        "state": STATE,
        "transferred_state": STATE,
        "predictions": OUTPUTS,
        "evaluation": EVALUATION,
        "trajectory": LOGS,
        "final_state": STATE,
        "code": or_null(DESCRIPTION),
        "control": LOGS,
        "control_state": STATE,
        "control_error": TEXT,
        "graph_rewrite": REWRITE,
        "signatures": EXPECTED_AND_FOUND,
        "all_signatures": or_null(SIGNATURES),
        "http": EXPECTED_AND_FOUND,
        "not_seen": a_map(TEXT, "{facet: why it could not be looked at after the use had failed}"),
    }
)
READING = _step(
    {
        "all_signatures": or_null(SIGNATURES),
        "outputs": NAMED_ARRAYS,
        "variables": NAMED_ARRAYS,
        "architecture": or_null(a_list(TEXTS, "[class, name] of each layer")),
    }
)
