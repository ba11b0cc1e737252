"""``keras_rescue.load_and_rescue(path)``: ``load_model``, then what it left in the file is put back (docs/rescue.md).

Where ``load_model`` cannot restore the compile arguments, it runs again with ``compile=False``.
"""

import keras_rescue
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, _rescued, load_model_custom_objects, only_file

TITLE = "load_model + keras_rescue"
APIS = load_model_custom_objects.APIS
READS, READS_IN = load_model_custom_objects.READS, load_model_custom_objects.READS_IN
READS_ACROSS = _rescued.ACROSS
RESTORES = load_model_custom_objects.RESTORES
GIVES = EVERYTHING
WITHDRAWS = load_model_custom_objects.WITHDRAWS
RESCUES = True


def load(ctx, artifact):
    return read(ctx, only_file(artifact))


def read(ctx, path):
    model, report = keras_rescue.load_and_rescue(path, ctx.keras, custom_objects=ctx.custom_objects())
    print(report)
    return Loaded(model, facts=_rescued.facts(report))
