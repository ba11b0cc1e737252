"""The record of the judge: a verdict, with a result for each facet."""

from roundtrip.records.parts import CELL, DIAGNOSTICS, DOORS, ERROR, FILE, NOTES, SECONDS, SIGNATURES
from roundtrip.records.steps import OUTCOMES
from roundtrip.records.words import FLAG, NUMBER, TEXT, WHOLE, a_list, a_map, a_text, an_object, or_null

#: outcomes of a path, beside those of its steps
OUTCOMES_OF_A_PATH = {
    "loaded_with_warnings": "the artifact was loaded and used, and there were warnings",
    "not_trained": "training failed before there was anything to save",
    "not_reproducible": "training did not repeat bit for bit",
    "user_code": "the code of the user's model raised, or its data do not fit",
    "not_applicable": "the user's model is of a kind that the Keras, the format, the loader or the use leaves out",
    "not_rewritten": "the modifier that rewrites graphs had no effect in the reference",
}
RESULT = an_object(
    {
        "status": a_text(
            "the result of the comparison",
            *("identical", "close", "different", "missing", "not_compared", "not_reached"),
        ),
        "compared": dict(WHOLE, description="how many values, variables or places were compared"),
        "differing": dict(WHOLE, description="how many of them differ"),
        "max_ulp": or_null(dict(NUMBER, description="the largest distance in units in the last place")),
        "max_abs": or_null(dict(NUMBER, description="the largest difference")),
        "tolerance": or_null(a_text("what counted as close")),
        "detail": a_list(TEXT, "the places that differ, and notes"),
        "rewrite": or_null(
            an_object(
                {
                    "effect": a_text("how much of the rewrite is executed", "effective", "partial", "ineffective"),
                    "executed": dict(WHOLE, description="number of its nodes that one training step executes"),
                    "expected": dict(WHOLE, description="number that one training step should execute"),
                    "added": or_null(dict(WHOLE, description="number of nodes that the rewrite added to the graph")),
                    "warnings": dict(WHOLE, description="how often TensorFlow warned that the rewrite came too late"),
                },
                description="the numbers of the facet graph_rewrite",
            )
        ),
        "promised": dict(FLAG, description="whether the contract of the cell promises the facet"),
        "link": or_null(a_text("the page that promises the facet, or that takes the promise back")),
        "relevant": dict(FLAG, description="whether the use needs the facet; only such facets decide the verdict"),
        "announced": a_list(TEXT, "the messages that announce the loss"),
    },
    ("status", "compared", "differing", "detail", "promised", "link", "relevant", "announced"),
    description="what the comparison of one facet gave",
)
VERDICT = an_object(
    {
        "cell": dict(CELL, description="{axis: id}: the seven axes, or those of a bridge"),
        "titles": a_map(TEXT, "the members' titles, by axis"),
        "crossing": a_text("what lies between producer and consumer"),
        "halves": a_list(TEXT, "of a bridge: what lies between its first two runtimes, and between its last two"),
        "outcome": a_text("what happened", *OUTCOMES, *OUTCOMES_OF_A_PATH),
        "stage": or_null(a_text("the stage that failed: train, save, load or use; null where none did")),
        "error": or_null(ERROR),
        "verdict": a_text("what happens, held against the contract (docs/report.md)"),
        "reason": a_text("the reason for the verdict, in a sentence"),
        "traits": a_list(TEXT, "of the model and its modifier"),
        "records": a_map(TEXT, "{record: its checksum}: what was judged"),
        "promised": a_map(or_null(TEXT), "{facet: link}: the contract of the cell"),
        "facets": a_map(RESULT, "{facet: result of its comparison}"),
        "warnings": dict(DIAGNOSTICS, description="messages, without those that every start of TensorFlow prints"),
        "notes": NOTES,
        "files": a_list(
            an_object(
                dict(FILE, explanation=a_text("what the format says about the file")), list(FILE) + ["explanation"]
            ),
            "the files that saving left",
        ),
        "seconds": SECONDS,
        "peak_memory_mb": or_null(
            dict(NUMBER, description="peak resident memory of the save or the load, whichever is larger, in 10^6 bytes")
        ),
        "trajectory": or_null(
            an_object(
                {
                    "names": a_list(TEXT, "the names of the logged values"),
                    "reference": a_list(a_list(NUMBER), "the values of each batch in the reference"),
                    "observed": a_list(a_list(NUMBER), "the values of each batch after loading"),
                },
                description="the batch logs of resumed training",
            )
        ),
        "all_signatures": or_null(SIGNATURES),
        "doors": DOORS,
        "trusted": dict(FLAG, description="whether a brought artifact was read without a sandbox"),
    },
    (
        *("cell", "titles", "outcome", "stage", "error", "verdict", "reason", "promised", "facets", "warnings"),
        *("notes", "files", "seconds", "peak_memory_mb", "trajectory"),
    ),
)
