"""What each column of summary.csv and matrix.parquet holds, in words (docs/tables.md)."""

AXES = {
    "producer": "the runtime that saved: environment and api, such as `tf2.21-keras3`",
    "model": "the model, or the artifact that the user brings",
    "modifier": "what was done to the model before it was saved; `none` for nothing",
    "format": "the format in which it was saved",
    "consumer": "the runtime that loaded",
    "loader": "the call that loaded it",
    "use": "what the loaded model was used for: `inference`, `evaluate`, `resume`, ...",
}
JUDGED = {
    "outcome": "what happened, before anything is judged: `loaded`, `refused`, ... (docs/report.md)",
    "verdict": "what happens, held against the documentation: `kept`, `silent_loss`, `broken`, ... (docs/report.md)",
    "note": "what the expectations say of it: `new`, `known`, `fixed` or `none`",
}
SUMMARY = {
    **AXES,
    **JUDGED,
    "facets_lost": "the facets that the use needs and that are lost or were not reached, separated by spaces",
    "max_ulp": "the largest distance in units in the last place, of the facets that the use needs",
    "warnings": "the number of messages, without those that every start of TensorFlow prints",
    "seconds": "wall-clock seconds of the last step",
    "expectation": "the link of the expectation that speaks of the cell",
    "rerun": "the command that runs this cell again, and shows its evidence",
    "reason": "the reason for the verdict, in sentences",
    "doors": "what the artifact could run, read or write when it is loaded, separated by `;`",
    "reproduction": "what the file that needs Keras alone showed: `confirmed`, `not confirmed`, `none`",
}
MATRIX = {
    **AXES,
    **JUDGED,
    "facet": "what was compared: `weights`, `optimizer_state`, `predictions`, ... (docs/facets.md)",
    "status": "`identical`, `close`, `different`, `missing`, `not_compared` or `not_reached`",
    "promised": "whether the documentation promises the facet for this cell",
    "relevant": "whether the use needs the facet: only such facets decide the verdict",
    "link": "the page that promises the facet, or that takes the promise back",
    "compared": "how many values, variables or places were compared",
    "differing": "how many of them differ",
    "max_ulp": "the largest distance in units in the last place",
    "max_abs": "the largest difference",
    "tolerance": "what counted as close",
    "detail": "the places that differ, and notes",
    "announced": "the messages that announce the loss",
}
