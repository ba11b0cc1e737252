"""``model_from_yaml(text)``: the architecture with new weights."""

import io

from roundtrip.formats import yaml
from roundtrip.loaded import Loaded
from roundtrip.loaders import LAMBDA, built, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "model_from_yaml"
APIS = yaml.APIS
PACKAGES = yaml.PACKAGES
READS = ("yaml",)
RESTORES = ("architecture",)
GIVES = ("predict",)
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)


def load(ctx, artifact):
    with io.open(only_file(artifact, "model.yaml"), encoding="utf-8") as f:
        return Loaded(built(ctx, ctx.keras.models.model_from_yaml(f.read(), custom_objects=ctx.custom_objects())))
