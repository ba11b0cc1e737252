"""The record of the judge: a verdict, with a result for each facet."""

from roundtrip.records.parts import CELL, DIAGNOSTICS, ERROR, FILE, NOTES, SECONDS, SIGNATURES
from roundtrip.records.steps import OUTCOMES
from roundtrip.records.words import FLAG, NUMBER, TEXT, TEXTS, WHOLE, a_list, a_map, a_text, an_object, or_null

#: outcomes of a path, beside those of its steps
OUTCOMES_OF_A_PATH = {
    "loaded_with_warnings": "the artifact was loaded and used, and a message came meanwhile",
    "not_trained": "training failed before there was anything to save",
    "not_reproducible": "training did not repeat bit for bit",
    "not_rewritten": "the modifier that rewrites graphs had no effect in the reference",
}
RESULT = an_object(
    {
        "status": a_text("", "identical", "close", "different", "missing", "not_compared"),
        "compared": dict(WHOLE, description="how many values, variables or places were compared"),
        "differing": dict(WHOLE, description="how many of them differ"),
        "max_ulp": or_null(dict(NUMBER, description="the largest distance in units in the last place")),
        "max_abs": or_null(dict(NUMBER, description="the largest difference")),
        "tolerance": or_null(TEXT),
        "detail": a_list(TEXT, "the places that differ, and notes"),
        "rewrite": or_null(
            an_object(
                {
                    "effect": a_text("", "effective", "partial", "ineffective"),
                    "executed": WHOLE,
                    "expected": WHOLE,
                    "added": or_null(WHOLE),
                    "warnings": dict(WHOLE, description="how often TensorFlow warned that the rewrite came too late"),
                }
            )
        ),
        "promised": FLAG,
        "link": or_null(a_text("of the page that promises it, or that takes the promise back")),
        "relevant": dict(FLAG, description="whether the use rests on it: others are shown, and do not decide"),
        "announced": a_list(TEXT, "the messages that announce its loss"),
    },
    ("status", "compared", "differing", "detail", "promised", "link", "relevant", "announced"),
)
VERDICT = an_object(
    {
        "cell": CELL,
        "titles": a_map(TEXT, "the members' titles, by axis"),
        "crossing": a_text("what lies between producer and consumer"),
        "halves": TEXTS,
        "outcome": a_text("what happened", *OUTCOMES, *OUTCOMES_OF_A_PATH),
        "stage": or_null(a_text("where an error was met: save, load or use")),
        "error": or_null(ERROR),
        "verdict": a_text("before expectations"),
        "reason": a_text("the verdict in a sentence"),
        "promised": a_map(or_null(TEXT), "{facet: link}: the contract of the cell"),
        "facets": a_map(RESULT),
        "warnings": DIAGNOSTICS,
        "notes": NOTES,
        "files": a_list(an_object(dict(FILE, explanation=TEXT), list(FILE) + ["explanation"])),
        "seconds": SECONDS,
        "peak_memory_mb": or_null(dict(NUMBER, description="of the largest step, in 10^6 bytes")),
        "trajectory": or_null(
            an_object({"names": TEXTS, "reference": a_list(a_list(NUMBER)), "observed": a_list(a_list(NUMBER))})
        ),
        "all_signatures": or_null(SIGNATURES),
    },
    (
        *("cell", "titles", "outcome", "stage", "error", "verdict", "reason", "promised", "facets", "warnings"),
        *("notes", "files", "seconds", "peak_memory_mb", "trajectory"),
    ),
)
