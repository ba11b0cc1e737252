"""One step of fit: does a model that came back compiled go on training?"""

import numpy as np

from roundtrip import training
from roundtrip.brought import calling
from roundtrip.record import plain


def step(ctx, model, values, record):
    """Fit one batch of inputs, record its logs, and the state after it. What it raises is the reader's."""
    inputs = calling.arranged(model, values)
    model.fit(inputs, targets(ctx, model, values), batch_size=len(first(values)), epochs=1, verbose=0)
    record.facts["final_state"] = record.state(ctx.capture(model))


def first(values):
    return next(iter(values.values()))


def targets(ctx, model, values):
    """Targets that the model's losses take: classes for a sparse loss, else numbers from 0 to 1 like the outputs."""
    structure, leaves = training.flatten(model(calling.arranged(model, values), training=False))
    losses = (losses_of(model) * len(leaves))[: len(leaves)] or [""]
    made = [target(x, "sparse" in loss) for x, loss in zip(leaves, losses)]
    return rebuilt(structure, made)


def losses_of(model):
    """The names of the losses, in order."""
    given = getattr(model, "loss", None)
    listed = list(given.values()) if isinstance(given, dict) else given if isinstance(given, (list, tuple)) else [given]
    return [name_of(loss).lower() for loss in listed if loss is not None]


def name_of(loss):
    return loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")


def target(output, sparse):
    if sparse:
        return np.arange(int(np.prod(output.shape[:-1]))).reshape(output.shape[:-1]) % output.shape[-1]
    count = np.arange(output.size).reshape(output.shape)
    return (count % 2).astype("float32")


def rebuilt(structure, leaves):
    if isinstance(structure, dict) and "dict" in structure:
        return {key: rebuilt(inner, leaves) for key, inner in structure["dict"].items()}
    if isinstance(structure, dict):
        return [rebuilt(inner, leaves) for inner in list(structure.values())[0]]
    return leaves[structure]


def compiled(model):
    """What a model says of its compile arguments: {"optimizer", "losses"}; None if it is not compiled."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    facts = {"optimizer": plain(type(optimizer).__name__), "losses": losses_of(model)}
    try:
        return dict(facts, learning_rate=float(optimizer.learning_rate))
    except (TypeError, ValueError, AttributeError):  # a schedule, or an optimizer without one
        return facts
