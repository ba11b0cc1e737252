"""``tf.train.load_checkpoint``: read each variable by its key, into a model and optimizer built from code.

A key is the shortest path of attributes from the checkpoint's root to the variable. The path to a weight may lead
through the optimizer. The same path leads to the variable in the new objects.
"""

from roundtrip.formats import tf_checkpoint
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE, build_optimizer, checkpoint_restore

TITLE = "code + load_checkpoint by key"
APIS = {"keras3": "", "keras2": ">=2.11"}
READS = checkpoint_restore.READS
RESTORES = checkpoint_restore.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
_ENDING = "/.ATTRIBUTES/VARIABLE_VALUE"


def load(ctx, artifact):
    model = ctx.build()
    build_optimizer(model)
    root = tf_checkpoint.checkpoint_of(ctx, model)
    reader = ctx.tf.train.load_checkpoint(artifact)
    read, left = [], []
    for key in sorted(reader.get_variable_to_shape_map()):
        variable = find(root, key[: -len(_ENDING)].split("/")) if key.endswith(_ENDING) else None
        (left if variable is None else read).append(key)
        if variable is not None:
            variable.assign(reader.get_tensor(key))
    return Loaded(model, facts={"keys_read": read, "keys_left": left})


def find(node, path):
    """The variable at the end of a path of attributes; None if the path does not exist."""
    for part in path:
        node = node._trackable_children().get(part)
        if node is None:
            return None
    return node if hasattr(node, "assign") else None
