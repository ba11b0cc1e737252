"""``keras.saving.deserialize_keras_object(config)``: the architecture with new weights."""

import io
import json

from roundtrip.loaded import Loaded
from roundtrip.loaders import built, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "deserialize_keras_object"
APIS = {"keras3": "", "keras2": ">=2.13"}
READS = ("serialized",)
RESTORES = ("architecture",)
GIVES = ("predict",)
_SAFE_MODE = "https://www.tensorflow.org/api_docs/python/tf/keras/utils/deserialize_keras_object"
WITHDRAWS = (Withdrawal(RESTORES, _SAFE_MODE, trait="lambda"),)


def load(ctx, artifact):
    with io.open(only_file(artifact, "serialized.json"), encoding="utf-8") as f:
        config = json.load(f)
    model = ctx.keras.saving.deserialize_keras_object(config, custom_objects=ctx.custom_objects())
    return Loaded(built(ctx, model))
