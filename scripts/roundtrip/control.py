"""What a perfect load would give in this runtime: a model from the code that is given the loaded one's state.

Another version, or another backend, adds in another order, and training carries the difference on. A trajectory
that left the producer's is a loss only if it also leaves this one: same runtime, same state, the code's arguments.
"""

from roundtrip import state
from roundtrip.loaders import build_optimizer


def train(ctx, captured, record):
    """Record ``control``, the trajectory, and ``control_state``, its end; or why there is none.

    Parameters
    ----------
    captured : list of {"name", "role", "value"}
        The loaded model's state before it was trained.
    """
    try:
        model = ctx.build_plain()
        build_optimizer(model)
        give(ctx.rt, model, captured)
        logs = ctx.fit(model, ctx.before, ctx.before + ctx.after)
        record.facts["control"] = dict(record.array(logs["values"]), names=logs["names"])
        record.facts["control_state"] = record.state(ctx.capture(model))
    except Exception as error:  # no control is no fault of the artifact
        record.facts["control_error"] = "%s: %s" % (type(error).__name__, str(error)[:500])


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
