"""What a perfect load would give in this runtime: a model from the code that is given the loaded one's state.

Another version, or another backend, adds in another order, and training carries the difference on. A trajectory
that left the producer's is a loss only if it also leaves this one: same runtime, same state, the code's arguments.

A control is worth something only where the variables that can be read are all that training rests on. That is tried
on the control itself: one more epoch of it must be repeated, bit for bit, by a new model that was given its
state. tf_keras's Nadam fails it (it keeps a product in a variable that it does not list), and so does
whatever does not compute alike twice: then there is no control, and the producer's trajectory stands.
"""

from roundtrip import state
from roundtrip.loaders import build_optimizer
from roundtrip.record import read_json


def train(ctx, loaded, captured, record):
    """Record ``control``, the trajectory, and ``control_state``, its end; or ``control_error``, why there is none.

    Nothing is done where the observed trajectory is the reference's bit for bit. ``loaded`` is the loaded
    model, ``captured`` its state before it was trained.
    """
    if record.facts["trajectory"]["sha256"] == read_json(ctx.reference)["trajectory"]["sha256"]:
        return
    end = ctx.before + ctx.after
    try:
        model = from_state(ctx, captured, loaded)
        logs, final = ctx.fit(model, ctx.before, end), ctx.capture(model)
        further = ctx.fit(model, end, end + 1)
        repeated = ctx.fit(from_state(ctx, final, loaded), end, end + 1)
        if further["values"].tobytes() != repeated["values"].tobytes():
            raise ValueError("training from a copied state does not repeat bit for bit in this runtime")
        record.facts["control"] = dict(record.array(logs["values"]), names=logs["names"])
        record.facts["control_state"] = record.state(final)
    except Exception as error:  # no control is no fault of the artifact
        record.facts["control_error"] = "%s: %s" % (type(error).__name__, str(error)[:500])


def from_state(ctx, captured, like):
    """A model from the code that is given a state, and executed and optimized as ``like`` is.

    Keras 3 saves ``jit_compile="auto"`` as what it meant where the model was saved.
    """
    model = ctx.build_plain()
    if hasattr(like, "jit_compile"):
        model.jit_compile = like.jit_compile
    take_variant(model, like.optimizer)
    build_optimizer(model)
    ctx.prepare(model)
    give(ctx.rt, model, captured)
    return model


def take_variant(model, optimizer):
    """Optimize as the artifact says where its optimizer is the code's in another variant of the same name.

    Keras 2.11 and newer read an older artifact's optimizer as the older class, which computes otherwise:
    https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/__init__.py
    """
    ours, theirs = type(model.optimizer), type(optimizer)
    if ours is not theirs and ours.__name__ == theirs.__name__:
        model.optimizer = optimizer.from_config(optimizer.get_config())


def give(rt, model, captured):
    """Assign a captured state, variable by variable: by role, and in it by order of creation, which the code decides.

    Raises ValueError where the two have not the same variables.
    """
    for role in sorted(set(state.FACET_OF_ROLE)):
        values = [e["value"] for e in captured if e["role"] == role]
        variables = [v for _, r, v in state.variables(rt, model) if r == role]
        if [tuple(x.shape) for x in values] != [tuple(v.shape) for v in variables]:
            raise ValueError("the model from the code has other %s variables than the loaded one" % role)
        if rt.api == "keras2_graph":
            rt.keras.backend.batch_set_value(list(zip(variables, values)))
            continue
        for variable, value in zip(variables, values):
            variable.assign(value)
