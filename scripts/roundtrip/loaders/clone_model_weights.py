"""``clone_model`` of a loaded model, ``set_weights(get_weights())``, then compiled by the user's code."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, clone_model, load_model_no_compile

TITLE = "load_model + clone_model + set_weights, compiled anew"
APIS = clone_model.APIS
READS, READS_IN = clone_model.READS, clone_model.READS_IN
RESTORES = ("architecture",) + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
WITHDRAWS, REJECTS = load_model_no_compile.WITHDRAWS, clone_model.REJECTS


def load(ctx, artifact):
    original = load_model_no_compile.uncompiled(ctx, artifact)
    clone = ctx.keras.models.clone_model(original)
    clone.set_weights(original.get_weights())
    ctx.module.compile(ctx.rt, clone)
    return Loaded(clone)
