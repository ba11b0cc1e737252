"""The model built from its code, then ``fit`` of all epochs with ``BackupAndRestore``: it goes on where it stopped.

Nothing is read before fit. So that the state can be looked at first, a fit that has nothing left to do (its
epochs end where the interruption was) runs on a copy of the backup. That fit removes the copy at its end, and it is
put back: Keras 2 reads an optimizer's variables from it when they are made, which is later.
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
