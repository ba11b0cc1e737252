"""``contrib.saved_model.load_keras_model``, then compile with the user's code: TensorFlow 1.13 and 1.14."""

import os

from roundtrip.formats import saved_model_contrib
from roundtrip.loaded import Loaded
from roundtrip.loaders import COMPILED_BY_CODE, EVERYTHING, WEIGHTS, only_file

TITLE = "contrib load_keras_model, compiled anew"
APIS = saved_model_contrib.APIS
READS = ("saved_model_contrib",)
RESTORES = ("architecture",) + WEIGHTS
SUPPLIES = COMPILED_BY_CODE
GIVES = EVERYTHING
REJECTS = {trait: "it takes no custom_objects" for trait in ("custom_registered", "custom_unregistered")}
LINK = saved_model_contrib.LINK


def load(ctx, artifact):
    folder = only_file(artifact)
    if not os.path.isdir(os.path.join(folder, "assets")):
        folder = only_file(folder)  # TensorFlow 1.13: what saving returned, a folder called after the time
    model = ctx.tf.contrib.saved_model.load_keras_model(folder)
    ctx.module.compile(ctx.rt, model)
    return Loaded(model)
