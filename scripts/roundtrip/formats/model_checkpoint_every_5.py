"""``ModelCheckpoint`` every 5 epochs into ``cp-{epoch:04d}.weights.h5``; no file is deleted.

``save_freq`` counts batches. If the number of epochs before is not a multiple of 5, the interval is the largest
smaller number that divides it: the last file must hold the state of the reference.
"""

from roundtrip.formats import DURING_FIT, model_checkpoint_weights, path

TITLE = "ModelCheckpoint, every 5 epochs, .weights.h5"
APIS = {"keras3": "", "keras2": ">=2.4", "keras2_graph": ">=2.4"}
LAYOUT = "numbered_weights_h5"
CARRIES = model_checkpoint_weights.CARRIES
WITHDRAWS = model_checkpoint_weights.WITHDRAWS
REJECTS = DURING_FIT
FILES = {"cp-[0-9][0-9][0-9][0-9].weights.h5": "the weights after the epoch that its name says"}
_ENDING = ".weights.h5"


def callbacks(ctx, folder, ending=_ENDING):
    batches = interval(ctx.before) * ctx.data.batches
    name = path(folder, "cp-{epoch:04d}" + ending)
    return [ctx.keras.callbacks.ModelCheckpoint(name, save_weights_only=True, save_freq=batches)]


def interval(epochs):
    return next(k for k in (5, 4, 3, 2, 1) if epochs % k == 0)
