"""``tf.train.Checkpoint(model=..., optimizer=...).save(prefix)`` in graph mode, in Keras' session."""

from roundtrip.formats import checkpoint_files, path, tf_checkpoint

TITLE = "tf.train.Checkpoint, graph mode"
APIS = {"keras2_graph": ">=1.14"}  # 1.13's Checkpoint takes no Keras optimizer
CARRIES = tf_checkpoint.CARRIES
FILES = checkpoint_files("checkpoint-1")


def save(ctx, model, folder):
    session = ctx.keras.backend.get_session()
    checkpoint = tf_checkpoint.checkpoint_of(ctx, model)
    with session.as_default():  # TensorFlow 1 uses the default session, not Keras' own
        checkpoint.save(path(folder, "checkpoint"))
