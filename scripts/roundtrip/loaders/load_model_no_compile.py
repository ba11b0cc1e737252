"""``load_model(path, custom_objects={...}, compile=False)``, then compile with the user's code."""

from roundtrip.formats import LOAD_MODEL_KERAS2, SAVING_API
from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, load_model_custom_objects, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model, compile=False, compiled anew"
APIS = load_model_custom_objects.APIS
READS, READS_IN = load_model_custom_objects.READS, load_model_custom_objects.READS_IN
RESTORES = ("architecture", "rng_state") + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
#: with compile=False "the model will be left uncompiled"
WITHDRAWS = load_model_custom_objects.WITHDRAWS + (
    Withdrawal(("optimizer_state",), SAVING_API, apis=("keras3",)),
    Withdrawal(("optimizer_state",), LOAD_MODEL_KERAS2, apis=("keras2", "keras2_graph")),
)


def load(ctx, artifact):
    model = uncompiled(ctx, artifact)
    ctx.module.compile(ctx.rt, model)
    return Loaded(model)


def uncompiled(ctx, artifact):
    path, objects = only_file(artifact), ctx.custom_objects()
    return ctx.keras.models.load_model(path, custom_objects=objects, compile=False)


def read(ctx, path):
    return Loaded(ctx.keras.models.load_model(path, custom_objects=ctx.custom_objects(), compile=False))
