"""What several records hold: the path, arrays and states, descriptions, errors, times."""

from roundtrip.records.words import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    a_list,
    a_map,
    a_text,
    an_object,
    or_null,
)

#: the axes of a path as far as it has come, and those of a bridge
AXES = ("producer", "model", "modifier", "format", "via", "via_loader", "via_format", "consumer", "loader", "use")
CELL = an_object(
    {axis: TEXT for axis in AXES},
    description="the path that the record belongs to, as far as it has come; null where the step never began",
)

_ARRAY = {
    "dtype": a_text("NumPy's name, or bfloat16"),
    "shape": a_list(WHOLE),
    "sha256": a_text("over dtype, shape and bytes"),
    "key": a_text("its name in the .npz"),
}
ARRAY = an_object(_ARRAY, _ARRAY)
VARIABLE = an_object(
    dict(_ARRAY, name=TEXT, role=a_text("", "trainable", "non_trainable", "rng", "optimizer")),
    list(_ARRAY) + ["name", "role"],
)
STATE = a_list(VARIABLE, "every variable, in the order of creation")
NAMED_ARRAYS = a_list(an_object(dict(_ARRAY, name=TEXT), list(_ARRAY) + ["name"]))
LOGS = an_object(
    dict(_ARRAY, names=TEXTS), list(_ARRAY) + ["names"], description="float64 (batches, names): the logs of each batch"
)
OUTPUTS = an_object(
    {"structure": ANYTHING, "leaves": a_list(ARRAY)},
    ("structure", "leaves"),
    description="the outputs for the test inputs: containers, with a number for each leaf; and the leaves",
)
EVALUATION = a_map(NUMBER, "loss and metrics on the test data, by name")
DESCRIPTION = an_object(
    {name: or_null(an_object({}, others={})) for name in ("architecture", "compile_config", "optimizer_config")},
    ("architecture", "compile_config", "optimizer_config"),
    description="what the model says of itself (roundtrip.describe)",
)
REWRITE = an_object(
    {
        "added": or_null(dict(WHOLE, description="nodes that the rewrite added to the graph")),
        "executed": dict(WHOLE, description="how many of them one training step executes"),
        "unit": a_text("what is counted"),
        "error": a_text("why it could not be seen"),
    },
    description="what a modifier that rewrites graphs sees of its work",
)
SIGNATURES = a_map(
    an_object({"inputs": ANYTHING, "outputs": ANYTHING}, others={}),
    "{signature: {inputs: {name: [shape, dtype]}, outputs: {name: [shape, dtype]}}}",
)
EXPECTED_AND_FOUND = an_object({"expected": ANYTHING, "found": ANYTHING}, ("expected", "found"))
DIAGNOSTICS = a_list(
    an_object(
        {"source": a_text("", "python", "logging", "stderr"), "category": TEXT, "message": TEXT},
        ("source", "category", "message"),
    ),
    "warnings, log messages and lines of standard error",
)
ERROR = an_object(
    {
        "stage": or_null(a_text("where it was met")),
        "type": a_text("the exception's class, or what ended the process"),
        "message": TEXT,
        "traceback": TEXT,
        "resident_bytes": dict(NUMBER, description="memory at the end, where its limit was met"),
    },
    ("stage", "type", "message", "traceback"),
)
SECONDS = an_object({name: NUMBER for name in ("train", "save", "load", "use", "total")}, description="wall clock")
USAGE = an_object(
    {
        "user_seconds": NUMBER,
        "system_seconds": NUMBER,
        "peak_mb": dict(NUMBER, description="resident memory at most, in 10^6 bytes"),
    },
    description="what the step's process used; a warm step has not imported TensorFlow itself",
)
NOTES = an_object(
    {
        "restore_status": a_map(TEXT, "what each assertion of a checkpoint's restore status gave"),
        "keys_read": a_list(TEXT, "keys of the checkpoint that were read"),
        "keys_left": a_list(TEXT, "keys of the checkpoint that nothing took"),
        "not_found": a_list(TEXT, "variables that the checkpoint has no value for"),
        "uninitialized": a_list(TEXT, "variables that hold no value after loading"),
        "restored": dict(FLAG, description="whether the manager found a checkpoint to restore"),
        "checkpoints": a_list(TEXT, "the checkpoints that the manager knows"),
        "shown": a_text("what saved_model_cli shows"),
    },
    description="what the loader noted while it loaded",
)
FILE = {"path": TEXT, "size": dict(WHOLE, description="bytes"), "sha256": TEXT}
LOOK = an_object(
    {"state": a_map(TEXT, "{variable: its digest}"), "describe": DESCRIPTION, "predictions": TEXTS},
    others={},
    description="the live model: digests of its variables, its description, digests of its predictions",
)
