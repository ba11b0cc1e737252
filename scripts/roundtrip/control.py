"""What a perfect load would give in this runtime: a model from the code that is given the loaded one's state.

Another version, or another backend, adds in another order, and training carries the difference on. A trajectory
that left the producer's is a loss only if it also leaves this one: same runtime, same state, the code's arguments.

A control is worth something only where the variables that can be read are all that training rests on. That is tried
first, in this runtime alone: training that goes on must be repeated, bit for bit, by a new model that was given the
state of the first. tf_keras's Nadam fails it (it keeps a product in a variable that it does not list), and so does
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
    try:
        model = ctx.build_plain()
        ctx.fit(model, 0, ctx.before)
        first, second = ctx.capture(model), ctx.fit(model, ctx.before, ctx.before + ctx.after)
        repeated, _ = from_state(ctx, first, model)
        if second["values"].tobytes() != repeated["values"].tobytes():
            raise ValueError("training from a copied state does not repeat bit for bit in this runtime")
        logs, model = from_state(ctx, captured, loaded)
        record.facts["control"] = dict(record.array(logs["values"]), names=logs["names"])
        record.facts["control_state"] = record.state(ctx.capture(model))
    except Exception as error:  # no control is no fault of the artifact
        record.facts["control_error"] = "%s: %s" % (type(error).__name__, str(error)[:500])


def from_state(ctx, captured, like):
    """(logs of the epochs after, the model) of a model from the code that is given a state.

    It is executed as ``like`` is: Keras 3 saves ``jit_compile="auto"`` as what it meant where the model was saved.
    """
    model = ctx.build_plain()
    if hasattr(like, "jit_compile"):
        model.jit_compile = like.jit_compile
    build_optimizer(model)
    give(ctx.rt, model, captured)
    return ctx.fit(model, ctx.before, ctx.before + ctx.after), model


def give(rt, model, captured):
    """Assign a captured state, variable by variable: by role, and in it by order of creation, which the code decides.

    Raises ValueError where the two have not the same variables.
    """
    for role in sorted(set(state.FACET_OF_ROLE)):
        values = [e["value"] for e in captured if e["role"] == role]
        variables = [v for _, r, v in state.variables(rt, model) if r == role]
        if [tuple(x.shape) for x in values] != [tuple(v.shape) for v in variables]:
            raise ValueError("the model from the code has other %s variables than the loaded one" % role)
        for variable, value in zip(variables, values):
            variable.assign(value)
