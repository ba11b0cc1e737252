"""``model_from_json(text)``, ``load_weights(path)``, then compile with the user's code."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, LAMBDA, build_load_weights, from_json, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "model_from_json + load_weights, compiled anew"
APIS = from_json.APIS
READS = ("json_weights",)
RESTORES = ("architecture",) + build_load_weights.RESTORES
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)


def load(ctx, artifact):
    model = from_json.rebuilt(ctx, artifact)
    ctx.module.compile(ctx.rt, model)
    return build_load_weights.load_into(model, only_file(artifact, ".weights.h5"))


def read(ctx, path):
    model = from_json.rebuilt(ctx, path)
    model.load_weights(only_file(path, ".h5"))
    return Loaded(model)
