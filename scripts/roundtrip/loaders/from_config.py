"""``from_config`` of the model's class: the architecture with new weights.

The class is Sequential, Model (for a functional model), or the user's own class.
"""

import io
import json

from roundtrip.loaded import Loaded
from roundtrip.loaders import LAMBDA, built, only_file
from roundtrip.withdrawals import Withdrawal

TITLE = "from_config"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
READS = ("config",)
RESTORES = ("architecture",)
GIVES = ("predict",)
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)


def load(ctx, artifact):
    with io.open(only_file(artifact, "config.json"), encoding="utf-8") as f:
        saved = json.load(f)
    objects = ctx.custom_objects()
    classes = dict({"Sequential": ctx.keras.Sequential}, **objects)
    cls = classes.get(saved["class_name"], ctx.keras.Model)
    with ctx.keras.utils.custom_object_scope(objects):
        return Loaded(built(ctx, cls.from_config(saved["config"])))
