"""The records of the steps: reference, manifest, observation."""

from roundtrip.records.brought import BROUGHT, OF_A_BROUGHT_ARTIFACT
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
    NOTES,
    OUTPUTS,
    REWRITE,
    SECONDS,
    SIGNATURES,
    STATE,
    SUBJECT,
    USAGE,
)
from roundtrip.records.seal import KEY
from roundtrip.records.words import FLAG, TEXT, a_list, a_map, a_text, an_object, or_null

#: a step's outcome -> what happened
OUTCOMES = {
    "done": "the step did what it is for",
    "loaded": "the artifact was loaded and used",
    "refused": "an exception was raised",
    "denied": "the sandbox kept the step from a file, or from the network, and it raised an exception",
    "crashed": "the process died without an exception",
    "timeout": "the time limit ended the process",
    "out_of_memory": "memory ran out, or its limit was met",
    "not_reached": "an earlier step failed, so this one had nothing to do",
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
        "subject": SUBJECT,
        KEY: a_text("SHA-256 over all that the record holds (roundtrip.records.seal)"),
        "earlier": a_text("the outcome of the earlier step that failed"),
    }
    return an_object(dict(common, **of_its_own), ("cell", "outcome", "diagnostics", "seconds", KEY) + required)


REFERENCE = _step(
    {
        "trajectory_before": LOGS,
        "state": STATE,
        "state_digest": a_text("one digest of the whole state"),
        "describe": DESCRIPTION,
        "predictions": OUTPUTS,
        "evaluation": EVALUATION,
        "trajectory": LOGS,
        "final_state": dict(STATE, description="every variable at the end of training"),
        "graph_rewrite": REWRITE,
    }
)
MANIFEST = _step(
    {
        "state_digest": a_text("the same of the trained model that was saved"),
        "reproducible": dict(FLAG, description="whether training reached the reference's state bit for bit"),
        "own": an_object(
            {
                "state": STATE,
                "state_digest": a_text("one digest of the whole state"),
                "describe": DESCRIPTION,
                "predictions": OUTPUTS,
                "evaluation": EVALUATION,
            },
            description="what was saved, where a user's training does not repeat: the reference of this artifact",
        ),
        "live": an_object({"before": LOOK, "after": LOOK}, description="the model before and after it was saved"),
        "signatures": SIGNATURES,
        "files": a_list(an_object(FILE, FILE), "the files that saving left"),
        "empty_folders": a_list(TEXT, "the folders without a file that saving left"),
        "strays": a_list(
            TEXT, "files that do not belong to the format; they are not copied to where the artifact is read"
        ),
        "brought": BROUGHT,
    }
)
OBSERVATION = _step(
    {
        "notes": NOTES,
        "describe": DESCRIPTION,
        "state": STATE,
        "transferred_state": dict(STATE, description="the variables of the model that the weights were transferred to"),
        "predictions": OUTPUTS,
        "evaluation": EVALUATION,
        "trajectory": LOGS,
        "final_state": dict(STATE, description="every variable at the end of training"),
        "code": or_null(dict(DESCRIPTION, description="the same of a model that this runtime builds from the code")),
        "control": dict(LOGS, description="the logs of each batch of the control run"),
        "control_state": dict(STATE, description="every variable at the end of the control run"),
        "control_error": a_text("why there is no control run"),
        "graph_rewrite": REWRITE,
        "signatures": dict(
            EXPECTED_AND_FOUND, description="the serving signature that was expected, and the one found"
        ),
        "all_signatures": or_null(SIGNATURES),
        "http": dict(EXPECTED_AND_FOUND, description="what the server should answer over HTTP, and what it answered"),
        "not_seen": a_map(TEXT, "{facet: why it could not be observed after the use had failed}"),
        **OF_A_BROUGHT_ARTIFACT,
    }
)
