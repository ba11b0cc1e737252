"""``model_from_json(text)``: the architecture with new weights."""

import io

from roundtrip.loaded import Loaded
from roundtrip.loaders import LAMBDA, WEIGHTS, built, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "model_from_json"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("json", "json_weights")
RESTORES = ("architecture",)
GIVES = ("predict",)
#: the config "allows the Model to be reinstantiated later (without its trained weights)"
_CONFIG = "https://keras.io/2/api/models/model_saving_apis/model_config_serialization/"
WITHDRAWS = (
    Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),
    Withdrawal(WEIGHTS, _CONFIG),
)


def load(ctx, artifact):
    return Loaded(rebuilt(ctx, artifact))


def rebuilt(ctx, artifact):
    with io.open(only_file(artifact, "model.json"), encoding="utf-8") as f:
        return built(ctx, ctx.keras.models.model_from_json(f.read(), custom_objects=ctx.custom_objects()))
