"""Compiled by the user's code, or else by us: with Adam, and a loss that fits the targets."""


def is_compiled(model):
    """Keras 3 calls it ``compiled``, Keras 2 ``_is_compiled``."""
    return bool(getattr(model, "compiled", getattr(model, "_is_compiled", False)))


def loss_for(model, targets):
    """``classes`` where the targets are integers for a single output with scores, else ``mse``."""
    integers = getattr(getattr(targets, "dtype", None), "kind", None) in ("i", "u")
    outputs = getattr(model, "outputs", None) or [None]
    scores = outputs[0] is None or len(outputs) == 1 and (outputs[0].shape[-1] or 2) > 1
    return "classes" if integers and scores else "mse"


def compile_with(rt, model, loss):
    """Compile a model that its code does not compile. ``loss``: of ``loss_for``."""
    outputs = len(getattr(model, "outputs", None) or [None])
    losses = {
        "classes": rt.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "mse": "mse" if outputs == 1 else ["mse"] * outputs,
    }
    model.compile(optimizer=rt.keras.optimizers.Adam(0.001), loss=losses[loss])


def compile_like(rt, model, compiled, objects):
    """Compile a model with what another one was compiled with."""
    with rt.keras.utils.custom_object_scope(objects):
        model.compile_from_config(compiled.get_compile_config())
