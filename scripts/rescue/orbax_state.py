"""Reader of what Keras 3's OrbaxCheckpoint writes; it needs ``orbax-checkpoint``.

The layout: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/orbax_checkpoint.py. The state is a tree
by the paths of the variables, so each variable has its name. Orbax sorts the names: the order of the variables is lost.
Other backends than JAX save scalars as numbers without their dtype.
"""

import json
import os

import numpy as np

from rescue.archive_layers import archive_natural
from rescue.archive_store import archive_problem
from rescue.held import Held, Unreadable, Variable, Weight

#: a file that Orbax writes into the folder of each step
ORBAX_MARK = "_CHECKPOINT_METADATA"


def is_orbax(path):
    """Whether Keras' OrbaxCheckpoint wrote this folder: one step, or the folder of all steps."""
    try:
        return _orbax_step(str(path)) is not None
    except OSError:
        return False


def _orbax_step(path):
    """The folder of the newest finished step; None if there is none. Orbax does not rename an unfinished one."""
    if not os.path.isdir(path):
        return None
    steps = sorted((name for name in os.listdir(path) if name.isdigit()), key=int, reverse=True)
    folders = [path] + [os.path.join(path, name) for name in steps]
    whole = [f for f in folders if os.path.exists(os.path.join(f, ORBAX_MARK)) and os.path.isdir(f + "/pytree")]
    return whole[0] if whole else None


def read_orbax(path, damaged=False):
    """Read the newest step."""
    step = _orbax_step(str(path))
    held = Held(str(path), "Orbax")
    if step is None:
        raise Unreadable("%s: OrbaxCheckpoint did not write it" % path)
    if os.path.basename(step).isdigit():
        held.facts["step"] = int(os.path.basename(step))
    config = json.loads(_part(step, "model_config", held, damaged).get("config") or "{}")
    held.compiled = config.get("compile_config")
    held.config = {key: config[key] for key in ("class_name", "config") if key in config} or None
    _sort_leaves(list(_leaves(_part(step, "pytree", held, damaged), "")), held)
    for name, value in _leaves(_part(step, "assets", held, damaged), "assets/"):
        words = np.asarray(value).astype(np.uint8).tobytes().decode("utf-8", "replace").split("\n")
        held.weights.append(Weight(name, None, (), np.array(words)))
    return held


def _part(step, name, held, damaged):
    """One part of a step as nested dicts; {} if it is not there, or cannot be read."""
    if not os.path.isdir(os.path.join(step, name)):
        return {}
    try:
        import orbax.checkpoint
    except ImportError as error:
        raise Unreadable("%s: orbax-checkpoint reads it, and is not installed (%s)" % (step, error)) from error
    try:
        return orbax.checkpoint.v1.load_checkpointables(os.path.abspath(step), {name: None})[name]
    except Exception as error:  # Orbax, TensorStore and JAX have errors of their own
        archive_problem(held, damaged, name, "%s: %s" % (type(error).__name__, error))
        return {}


def _leaves(tree, prefix):
    for key in sorted(tree, key=archive_natural):
        if isinstance(tree[key], dict):
            for found in _leaves(tree[key], prefix + key + "/"):
                yield found
        else:
            yield prefix + key, np.asarray(tree[key])


def _sort_leaves(leaves, held):
    config = (held.config or {}).get("config")
    model = config.get("name") if isinstance(config, dict) else None
    for path, value in leaves:
        kind, _, name = path.partition("/")
        if kind == "optimizer_variables":
            held.optimizer.append(Variable(path, name, None, None, value))
        elif kind != "metrics_variables":
            layer = tuple(name.split("/")[:-1])
            held.weights.append(Weight(path, name, layer[1:] if layer[:1] == (model,) else layer, value))
    held.facts["metrics"] = sum(path.startswith("metrics_variables/") for path, _ in leaves)
