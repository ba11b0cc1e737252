"""Build the model from its code, then ``tf.train.Checkpoint(...).restore(latest_checkpoint)``.

The optimizer has no variables at that time. TensorFlow delays their values until the variables are created. The
loader creates them directly after ``restore``, so that they can be compared.
"""

from roundtrip.formats import tf_checkpoint
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer

TITLE = "code + Checkpoint.restore"
APIS = tf_checkpoint.APIS
BACKENDS = ("tensorflow",)
READS = ("tf_checkpoint", "checkpoint_manager")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    status = restore(ctx, model, artifact)
    build_optimizer(model)
    return Loaded(model, keep=status, facts={"restore_status": facts_of(status)})


def restore(ctx, model, artifact):
    return tf_checkpoint.checkpoint_of(ctx, model).restore(ctx.tf.train.latest_checkpoint(artifact))


def facts_of(status):
    """The result of each assertion of a restore status: ``"passed"`` or its message."""
    return {name: _said(getattr(status, name)) for name in ("assert_existing_objects_matched", "assert_consumed")}


def _said(assertion):
    try:
        assertion()
    except AssertionError as error:
        return str(error)[:2000]
    return "passed"
