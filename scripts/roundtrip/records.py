"""What each record holds: the one declaration that steps, judge, report and tests write and read by.

``reference.json``  what training without a break gives (scripts/train.py)
``manifest.json``   what a save left (scripts/save.py, scripts/bridge.py)
``observed.json``   what a load gave (scripts/load.py)
``reading``         what a route gave of an artifact that the user brought (scripts/pretrained.py)
``verdict.json``    what the judge says of a path (host.judge)

Each is a schema in JSON Schema's words (roundtrip.schema). A key that is not declared is an error where it is
written. Arrays lie in the ``.npz`` beside a record; the record has their ARRAY entries.
"""


def _object(properties, required=(), others=False, **more):
    return dict(
        {"type": "object", "properties": properties, "required": list(required), "additionalProperties": others}, **more
    )


def _list(items, description=""):
    return {"type": "array", "items": items, "description": description}


def _map(values, description=""):
    return {"type": "object", "additionalProperties": values, "description": description}


def _text(description="", *values):
    return dict({"type": "string", "description": description}, **({"enum": list(values)} if values else {}))


def _maybe(schema):
    """The schema, or null."""
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return dict(schema, type=names + ["null"])


NUMBER, WHOLE, FLAG, TEXT = {"type": "number"}, {"type": "integer"}, {"type": "boolean"}, _text()
TEXTS, ANYTHING = _list(TEXT), {}

#: the axes of a path as far as it has come, and those of a bridge
AXES = ("producer", "model", "modifier", "format", "via", "via_loader", "via_format", "consumer", "loader", "use")
CELL = _object(
    {axis: TEXT for axis in AXES},
    description="the path that the record belongs to, as far as it has come; null where the step never began",
)

_ARRAY = {
    "dtype": _text("NumPy's name, or bfloat16"),
    "shape": _list(WHOLE),
    "sha256": _text("over dtype, shape and bytes"),
    "key": _text("its name in the .npz"),
}
ARRAY = _object(_ARRAY, _ARRAY)
VARIABLE = _object(
    dict(_ARRAY, name=TEXT, role=_text("", "trainable", "non_trainable", "rng", "optimizer")),
    list(_ARRAY) + ["name", "role"],
)
STATE = _list(VARIABLE, "every variable, in the order of creation")
NAMED_ARRAYS = _list(_object(dict(_ARRAY, name=TEXT), list(_ARRAY) + ["name"]))
LOGS = _object(
    dict(_ARRAY, names=TEXTS), list(_ARRAY) + ["names"], description="float64 (batches, names): the logs of each batch"
)
OUTPUTS = _object(
    {"structure": ANYTHING, "leaves": _list(ARRAY)},
    ("structure", "leaves"),
    description="the outputs for the test inputs: containers, with a number for each leaf; and the leaves",
)
EVALUATION = _map(NUMBER, "loss and metrics on the test data, by name")
DESCRIPTION = _object(
    {name: _maybe(_object({}, others={})) for name in ("architecture", "compile_config", "optimizer_config")},
    ("architecture", "compile_config", "optimizer_config"),
    description="what the model says of itself (roundtrip.describe)",
)
REWRITE = _object(
    {
        "added": _maybe(dict(WHOLE, description="nodes that the rewrite added to the graph")),
        "executed": dict(WHOLE, description="how many of them one training step executes"),
        "unit": _text("what is counted"),
        "error": _text("why it could not be seen"),
    },
    description="what a modifier that rewrites graphs sees of its work",
)
SIGNATURES = _map(
    _object({"inputs": ANYTHING, "outputs": ANYTHING}, others={}),
    "{signature: {inputs: {name: [shape, dtype]}, outputs: {name: [shape, dtype]}}}",
)
EXPECTED_AND_FOUND = _object({"expected": ANYTHING, "found": ANYTHING}, ("expected", "found"))
DIAGNOSTICS = _list(
    _object(
        {"source": _text("", "python", "logging", "stderr"), "category": TEXT, "message": TEXT},
        ("source", "category", "message"),
    ),
    "warnings, log messages and lines of standard error",
)
ERROR = _object(
    {
        "stage": _maybe(_text("where it was met")),
        "type": _text("the exception's class, or what ended the process"),
        "message": TEXT,
        "traceback": TEXT,
        "resident_bytes": dict(NUMBER, description="memory at the end, where its limit was met"),
    },
    ("stage", "type", "message", "traceback"),
)
SECONDS = _object({name: NUMBER for name in ("train", "save", "load", "use", "total")}, description="wall clock")
USAGE = _object(
    {
        "user_seconds": NUMBER,
        "system_seconds": NUMBER,
        "peak_mb": dict(NUMBER, description="resident memory at most, in 10^6 bytes"),
    },
    description="what the step's process used; a warm step has not imported TensorFlow itself",
)
NOTES = _object(
    {
        "restore_status": _map(TEXT, "what each assertion of a checkpoint's restore status gave"),
        "keys_read": _list(TEXT, "keys of the checkpoint that were read"),
        "keys_left": _list(TEXT, "keys of the checkpoint that nothing took"),
        "not_found": _list(TEXT, "variables that the checkpoint has no value for"),
        "uninitialized": _list(TEXT, "variables that hold no value after loading"),
        "restored": dict(FLAG, description="whether the manager found a checkpoint to restore"),
        "checkpoints": _list(TEXT, "the checkpoints that the manager knows"),
        "shown": _text("what saved_model_cli shows"),
    },
    description="what the loader noted while it loaded",
)
FILE = {"path": TEXT, "size": dict(WHOLE, description="bytes"), "sha256": TEXT}
LOOK = _object(
    {"state": _map(TEXT, "{variable: its digest}"), "describe": DESCRIPTION, "predictions": TEXTS},
    others={},
    description="the live model: digests of its variables, its description, digests of its predictions",
)

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
        "cell": _maybe(CELL),
        "outcome": _text("what happened", *OUTCOMES),
        "error": ERROR,
        "diagnostics": DIAGNOSTICS,
        "seconds": SECONDS,
        "usage": USAGE,
        "earlier": _text("the outcome of the step that left nothing to do"),
    }
    return _object(dict(common, **of_its_own), ("cell", "outcome", "diagnostics", "seconds") + required)


REFERENCE = _step(
    {
        "trajectory_before": LOGS,
        "state": STATE,
        "state_digest": _text("one digest of the whole state"),
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
        "live": _object({"before": LOOK, "after": LOOK}, description="the model before and after it was saved"),
        "signatures": SIGNATURES,
        "files": _list(_object(FILE, FILE)),
        "empty_folders": TEXTS,
        "strays": _list(TEXT, "what lies beside what the format consists of; not taken along"),
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
        "code": _maybe(DESCRIPTION),
        "control": LOGS,
        "control_state": STATE,
        "control_error": TEXT,
        "graph_rewrite": REWRITE,
        "signatures": EXPECTED_AND_FOUND,
        "all_signatures": _maybe(SIGNATURES),
        "http": EXPECTED_AND_FOUND,
        "not_seen": _map(TEXT, "{facet: why it could not be looked at after the use had failed}"),
    }
)
READING = _step(
    {
        "all_signatures": _maybe(SIGNATURES),
        "outputs": NAMED_ARRAYS,
        "variables": NAMED_ARRAYS,
        "architecture": _maybe(_list(TEXTS, "[class, name] of each layer")),
    }
)

#: outcomes of a path, beside those of its steps
OUTCOMES_OF_A_PATH = {
    "loaded_with_warnings": "the artifact was loaded and used, and a message came meanwhile",
    "not_trained": "training failed before there was anything to save",
    "not_reproducible": "training did not repeat bit for bit",
    "not_rewritten": "the modifier that rewrites graphs had no effect in the reference",
}
RESULT = _object(
    {
        "status": _text("", "identical", "close", "different", "missing", "not_compared"),
        "compared": dict(WHOLE, description="how many values, variables or places were compared"),
        "differing": dict(WHOLE, description="how many of them differ"),
        "max_ulp": _maybe(dict(NUMBER, description="the largest distance in units in the last place")),
        "max_abs": _maybe(dict(NUMBER, description="the largest difference")),
        "tolerance": _maybe(TEXT),
        "detail": _list(TEXT, "the places that differ, and notes"),
        "rewrite": _maybe(
            _object(
                {
                    "effect": _text("", "effective", "partial", "ineffective"),
                    "executed": WHOLE,
                    "expected": WHOLE,
                    "added": _maybe(WHOLE),
                    "warnings": dict(WHOLE, description="how often TensorFlow warned that the rewrite came too late"),
                }
            )
        ),
        "promised": FLAG,
        "link": _maybe(_text("of the page that promises it, or that takes the promise back")),
        "relevant": dict(FLAG, description="whether the use rests on it: others are shown, and do not decide"),
        "announced": _list(TEXT, "the messages that announce its loss"),
    },
    ("status", "compared", "differing", "detail", "promised", "link", "relevant", "announced"),
)
VERDICT = _object(
    {
        "cell": CELL,
        "titles": _map(TEXT, "the members' titles, by axis"),
        "crossing": _text("what lies between producer and consumer"),
        "halves": TEXTS,
        "outcome": _text("what happened", *OUTCOMES, *OUTCOMES_OF_A_PATH),
        "stage": _maybe(_text("where an error was met: save, load or use")),
        "error": _maybe(ERROR),
        "verdict": _text("before expectations"),
        "reason": _text("the verdict in a sentence"),
        "promised": _map(_maybe(TEXT), "{facet: link}: the contract of the cell"),
        "facets": _map(RESULT),
        "warnings": DIAGNOSTICS,
        "notes": NOTES,
        "files": _list(_object(dict(FILE, explanation=TEXT), list(FILE) + ["explanation"])),
        "seconds": SECONDS,
        "peak_memory_mb": _maybe(dict(NUMBER, description="of the largest step, in 10^6 bytes")),
        "trajectory": _maybe(
            _object({"names": TEXTS, "reference": _list(_list(NUMBER)), "observed": _list(_list(NUMBER))})
        ),
        "all_signatures": _maybe(SIGNATURES),
    },
    (
        *("cell", "titles", "outcome", "stage", "error", "verdict", "reason", "promised", "facets", "warnings"),
        *("notes", "files", "seconds", "peak_memory_mb", "trajectory"),
    ),
)

#: kind of record -> its file's name, where that is another
FILES = {"reading": "observed"}
#: kind of record -> its schema
SCHEMAS = {
    "reference": REFERENCE,
    "manifest": MANIFEST,
    "observed": OBSERVATION,
    "reading": READING,
    "verdict": VERDICT,
}
