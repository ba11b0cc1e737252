"""``clone_model`` of a loaded model, ``set_weights(get_weights())``, then compile with the user's code."""

from roundtrip.formats import WEIGHTS_API
from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, clone_model, load_model_no_compile
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model + clone_model + set_weights, compiled anew"
APIS = clone_model.APIS
READS, READS_IN = clone_model.READS, clone_model.READS_IN
RESTORES = ("architecture",) + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
#: get_weights gives "the values of layer.weights", which in Keras 3 leave out random seeds
WITHDRAWS = load_model_no_compile.WITHDRAWS + (Withdrawal(("rng_state",), WEIGHTS_API),)
REJECTS = clone_model.REJECTS


def load(ctx, artifact):
    original = load_model_no_compile.uncompiled(ctx, artifact)
    clone = ctx.keras.models.clone_model(original)
    clone.set_weights(original.get_weights())
    ctx.module.compile(ctx.rt, clone)
    return Loaded(clone)
