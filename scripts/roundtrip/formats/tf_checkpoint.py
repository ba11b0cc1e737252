"""``tf.train.Checkpoint(model=model, optimizer=optimizer).save(prefix)``: every tracked variable, by object path."""

from roundtrip.formats import CHECKPOINT_GUIDE, checkpoint_files, path, promise

TITLE = "tf.train.Checkpoint"
APIS = {"keras3": "", "keras2": ">=1.14"}  # before, it takes no optimizer of Keras
BACKENDS = ("tensorflow",)
CARRIES = promise(("weights", "non_trainable_state", "optimizer_state"), CHECKPOINT_GUIDE)
FILES = checkpoint_files("checkpoint-1")


def save(ctx, model, folder):
    checkpoint_of(ctx, model).save(path(folder, "checkpoint"))


def checkpoint_of(ctx, model):
    """The Checkpoint for both save and restore; keys in the file begin with the names of its parts."""
    return ctx.tf.train.Checkpoint(model=model, optimizer=model.optimizer)
