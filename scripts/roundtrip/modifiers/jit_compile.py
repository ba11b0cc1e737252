"""Compilation by XLA: ``compile(jit_compile=True)`` and ``steps_per_execution=2``, execution and not mathematics.

https://keras.io/api/models/model_training_apis/#compile-method
"""

from roundtrip.modifiers import _train_function

TITLE = "jit_compile"
APIS = {"keras3": ""}
TRAITS = ("rewrites",)
REJECTS = {
    "strings": "XLA compiles no ops on strings",
    "vocabulary": "XLA compiles no lookup tables",
    "compile_options": "the model has execution options of its own",
}


def modify(ctx, model):
    model.jit_compile = True
    config = model.get_compile_config()
    if config is not None:
        model.compile_from_config(dict(config, jit_compile=True))
    return model


def look(ctx, model):
    """Calls of functions that XLA must compile, in the train function."""
    compiled = [node for node in _train_function.nodes(ctx, model) if must_compile(node)]
    return {"added": len(compiled), "executed": len(compiled), "unit": "calls that XLA must compile"}


def must_compile(node):
    return node.attr["_XlaMustCompile"].b if "_XlaMustCompile" in node.attr else False
