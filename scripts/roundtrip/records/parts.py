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
    description="the axes of the path that the record belongs to, up to this step; null if the step never began",
)

_ARRAY = {
    "dtype": a_text("NumPy's name of the dtype, or bfloat16"),
    "shape": a_list(WHOLE, "the size of each dimension"),
    "sha256": a_text("digest of dtype, shape and bytes"),
    "key": a_text("the array's name in the .npz"),
}
ARRAY = an_object(_ARRAY, _ARRAY)
VARIABLE = an_object(
    dict(
        _ARRAY,
        name=a_text("the variable's name"),
        role=a_text("what the variable is for", "trainable", "non_trainable", "rng", "optimizer"),
    ),
    list(_ARRAY) + ["name", "role"],
)
STATE = a_list(VARIABLE, "every variable, in the order of creation")
NAMED_ARRAYS = a_list(an_object(dict(_ARRAY, name=TEXT), list(_ARRAY) + ["name"]))
STATED = an_object(
    dict(
        _ARRAY,
        name=a_text("the array's name in the file"),
        role=a_text("what it is for, as far as the file says", "weight", "optimizer", "rng", "other"),
        variable=or_null(a_text("the loaded variable that it belongs to, where the file says it")),
    ),
    list(_ARRAY) + ["name", "role"],
)
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
    description="what the step writes down about the model (roundtrip.describe)",
)
REWRITE = an_object(
    {
        "added": or_null(dict(WHOLE, description="number of nodes that the rewrite added to the graph")),
        "executed": dict(WHOLE, description="how many of them one training step executes"),
        "unit": a_text("what is counted"),
        "error": a_text("why nothing could be counted"),
    },
    description="what a modifier that rewrites graphs reports about the rewrite",
)
SIGNATURES = a_map(
    an_object({"inputs": ANYTHING, "outputs": ANYTHING}, others={}),
    "{signature: {inputs: {name: [shape, dtype]}, outputs: {name: [shape, dtype]}}}",
)
EXPECTED_AND_FOUND = an_object({"expected": ANYTHING, "found": ANYTHING}, ("expected", "found"))
DIAGNOSTICS = a_list(
    an_object(
        {
            "source": a_text("where the message was caught", "python", "logging", "stderr"),
            "category": a_text("the class of a Python warning, the level of a log message"),
            "message": a_text("the text"),
        },
        ("source", "category", "message"),
    ),
    "warnings, log messages and lines of standard error",
)
ERROR = an_object(
    {
        "stage": or_null(a_text("the stage in which the step failed")),
        "type": a_text("the class of the exception, or what ended the process"),
        "message": a_text("the exception's message"),
        "traceback": a_text("the Python stack"),
        "line": a_text("the line of the user's model in which it was raised"),
        "resident_bytes": dict(NUMBER, description="memory in use when the memory limit ended the process"),
    },
    ("stage", "type", "message", "traceback"),
    description="why a step failed",
)
SECONDS = an_object(
    {name: NUMBER for name in ("train", "save", "load", "use", "total")},
    description="wall-clock seconds of each stage",
)
USAGE = an_object(
    {
        "user_seconds": dict(NUMBER, description="processor seconds in user mode"),
        "system_seconds": dict(NUMBER, description="processor seconds in the kernel"),
        "peak_mb": dict(NUMBER, description="peak resident memory, in 10^6 bytes"),
    },
    description="what the step's process used; for a warm step without the import of TensorFlow",
)
NOTES = an_object(
    {
        "restore_status": a_map(TEXT, "{assertion: its result}, for each assertion of a checkpoint's restore status"),
        "keys_read": a_list(TEXT, "keys of the checkpoint that were read"),
        "keys_left": a_list(TEXT, "keys of the checkpoint that were not used"),
        "not_found": a_list(TEXT, "variables for which the checkpoint has no value"),
        "uninitialized": a_list(TEXT, "variables without a value after loading"),
        "restored": dict(FLAG, description="whether the CheckpointManager found a checkpoint to restore"),
        "checkpoints": a_list(TEXT, "the checkpoints that the CheckpointManager lists"),
        "shown": a_text("the output of saved_model_cli show"),
        "rescue": an_object(
            {
                "restored": dict(WHOLE, description="how many variables it put back"),
                "already": dict(WHOLE, description="how many were right before"),
                "absent": a_list(TEXT, "what the model has and the file does not hold"),
                "unused": a_list(TEXT, "what is in the file and fits nothing in the model"),
                "changes": a_list(TEXT, "the arguments and flags that it put back"),
                "notes": a_list(TEXT),
            },
            description="what keras_rescue reports",
        ),
    },
    description="what the loader noted while it loaded",
)
_DATA = a_list(or_null(OUTPUTS), "[inputs, targets]; null where there are no targets")
SUBJECT = an_object(
    {
        "written_for": a_list(TEXT, "the names under which the code imports Keras: keras, tf_keras"),
        "source": a_text("where the data come from"),
        "loss": or_null(a_text("the loss with which this project compiled the model; null where the code does")),
        "indeterminate": or_null(a_text("why op determinism had to be left off; null where it is on")),
        "plan": an_object(
            {name: NUMBER for name in ("samples", "batch_size", "before", "after", "seconds_per_sample")},
            description="how much the model is trained: samples, size of a batch, epochs before and after saving",
        ),
        "traits": a_list(TEXT, "what contracts refer to"),
        "lacks": a_map(TEXT, "{trait: why} of what the model cannot do"),
        "config_gaps": a_list(TEXT, "what the get_config of the user's classes leaves out"),
        "data": a_list(_DATA, "[to train, to test]"),
        "chance": a_list(TEXT, "the user's lines that draw from what no seed decides"),
    },
    description="what the step that trains a model of the user's finds out and decides (roundtrip.subject)",
)
FILE = {
    "path": a_text("relative to the artifact's folder"),
    "size": dict(WHOLE, description="in bytes"),
    "sha256": a_text("digest of the content"),
}
DOORS = a_list(
    an_object(
        {
            "what": a_text("a layer, an operation, a link, a path, ..."),
            "where": a_text("the file, and the place in it"),
            "why": a_text("what it could do"),
        },
        ("what", "where", "why"),
    ),
    "what the file could run, read or write when it is loaded (host.inspection)",
)
LOOK = an_object(
    {"state": a_map(TEXT, "{variable: its digest}"), "describe": DESCRIPTION, "predictions": TEXTS},
    others={},
    description="the live model: digests of its variables, its description, digests of its predictions",
)
