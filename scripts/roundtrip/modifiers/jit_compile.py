"""Compile with XLA: ``compile(jit_compile=True)``, which changes the execution and not the mathematics.

Keras does not use XLA if TensorFlow's ops are deterministic, as they are here. The verdict shows only whether the
argument comes back. https://keras.io/api/models/model_training_apis/#compile-method
"""

TITLE = "jit_compile"
APIS = {"keras3": ""}
TRAITS = ("compile_options",)
REJECTS = {"compile_options": "the model has execution options of its own"}


def modify(ctx, model):
    config = model.get_compile_config()
    if config is None:
        raise ValueError("the compile arguments of the model cannot be read, so it cannot be compiled again")
    arguments = {k: ctx.keras.saving.deserialize_keras_object(v) for k, v in config.items()}
    model.compile(**dict(arguments, jit_compile=True))  # compile_from_config would build the optimizer too
    return model
