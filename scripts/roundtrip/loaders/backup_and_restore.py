"""Build the model from its code, then ``fit`` all epochs with ``BackupAndRestore``: training continues.

The callback reads nothing before fit begins. To make the restored state visible before resumed training, a first fit
runs on a copy of the backup. Its epochs end at the interruption, so it trains nothing. This fit deletes the copy at
its end. The loader then puts the copy back, because Keras 2 reads the optimizer's variables from it later, when they
are created.
"""

import shutil

from roundtrip.formats import backup_and_restore
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer

TITLE = "code + fit with BackupAndRestore"
APIS = backup_and_restore.APIS
READS = ("backup_and_restore",)
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    copy = shutil.copytree(artifact, artifact + "-copy")
    ctx.fit(model, 0, ctx.before, [ctx.keras.callbacks.BackupAndRestore(copy)])
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(artifact, copy)
    build_optimizer(model)
    return Loaded(model, callbacks=[ctx.keras.callbacks.BackupAndRestore(artifact)], initial_epoch=0)
