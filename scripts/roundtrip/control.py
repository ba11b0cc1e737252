"""The control run: train a model that is built from code and gets the loaded model's state, in the same runtime.

Another version or another backend adds numbers in another order, and training amplifies the difference. So a
trajectory that differs from the producer's is a loss only if it also differs from the control's, which has the same
runtime, the same state and the arguments of the code.

A control run is valid only if training depends on nothing but the variables that can be read. A test checks this: a
new model gets the control's final state, and must repeat one more epoch of the control bit for bit. tf_keras's Nadam
fails the test, because it keeps a product in a variable that it does not list. Any training that does not repeat
fails it too. Then there is no control run, and the trajectory is compared with the producer's.
"""

from roundtrip import state
from roundtrip.loaders import build_optimizer
from roundtrip.record import read_record


def train(ctx, loaded, captured, record):
    """Record ``control`` (the trajectory) and ``control_state`` (the final state), or ``control_error`` (the reason).

    Do nothing if the observed trajectory equals the reference's bit for bit. ``loaded`` is the loaded model, and
    ``captured`` is its state before training.
    """
    if record.facts["trajectory"]["sha256"] == read_record(ctx.reference)["trajectory"]["sha256"]:
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
    except Exception as error:  # a missing control run is not a fault of the artifact
        record.facts["control_error"] = "%s: %s" % (type(error).__name__, str(error)[:500])


def from_state(ctx, captured, like):
    """A model built from code, with the state ``captured`` and the execution options and optimizer class of ``like``.

    Keras 3 saves ``jit_compile="auto"`` as the value to which it resolved when the model was saved.
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
    """Replace the model's optimizer by ``optimizer`` if both are different classes with the same name.

    Keras 2.11 and newer read the optimizer of an older artifact as the older class, which computes differently:
    https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/__init__.py
    """
    ours, theirs = type(model.optimizer), type(optimizer)
    if ours is not theirs and ours.__name__ == theirs.__name__:
        model.optimizer = optimizer.from_config(optimizer.get_config())


def give(rt, model, captured):
    """Assign a captured state to the model's variables: by role, and within a role by order of creation.

    Raises ValueError if the shapes of the variables differ.
    """
    for role in sorted(set(state.FACET_OF_ROLE)):
        values = [e["value"] for e in captured if e["role"] == role]
        variables = [v for _, r, v in state.variables(rt, model) if r == role]
        if [tuple(x.shape) for x in values] != [tuple(v.shape) for v in variables]:
            raise ValueError("the model built from code and the loaded model have different %s variables" % role)
        if rt.api == "keras2_graph":
            rt.keras.backend.batch_set_value(list(zip(variables, values)))
            continue
        for variable, value in zip(variables, values):
            variable.assign(value)
