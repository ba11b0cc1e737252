"""Build the model from its code, ``Checkpoint(...).restore(latest)``, and run the restore ops in Keras' session.

In graph mode ``restore`` alone changes nothing. It returns ops that must be run.
https://www.tensorflow.org/api_docs/python/tf/train/Checkpoint#restore
"""

from roundtrip.formats import tf_checkpoint
from roundtrip.lms.trace import make_train_function
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE

TITLE = "code + Checkpoint.restore, its ops run"
APIS = {"keras2_graph": ""}
READS = ("session_checkpoint",)
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    return Loaded(model, keep=restore(ctx, model, artifact))


def restore(ctx, model, artifact):
    """Create the optimizer's variables, restore and run the ops; returns the objects that must stay alive for 1.14."""
    make_train_function(model)
    checkpoint = tf_checkpoint.checkpoint_of(ctx, model)
    status = checkpoint.restore(ctx.tf.train.latest_checkpoint(artifact))
    status.assert_existing_objects_matched().run_restore_ops(ctx.keras.backend.get_session())
    return checkpoint, status
