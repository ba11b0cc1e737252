"""A checkpoint of TensorFlow: of ``tf.train.Checkpoint``, Keras' weights or BackupAndRestore, or of a Saver.

TensorFlow reads the values and compares the checksum of each:
https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/tensor_bundle/tensor_bundle.h
"""

import json
import os
import re

from rescue.held import Held, Unreadable, Variable, Weight
from rescue.layer_names import layer_of_name, layers_of_config, layers_of_path
from rescue.named_variables import NamedVariables
from rescue.object_graph import OBJECT_CONFIG, ObjectGraph, graph_of_keys, natural_order
from rescue.optimizer_nodes import OptimizerNodes
from rescue.protobuf_fields import object_graph_of_bytes, variable_order

OBJECT_GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
#: how an index and a checkpoint of Saver's first version end:
#: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/io/format.h
_CHECKPOINT_MAGIC = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
#: BackupAndRestore of Keras 2 counts in variables of its own
_FACT_NAMES = {"ckpt_saved_epoch": "epoch", "ckpt_saved_batch": "batch"}
_CHECKPOINT_DATA = re.compile(r"\.data-\d{5}-of-\d{5}$")


def is_checkpoint(path):
    """Whether the path is a checkpoint's prefix, its index, one of its data files, or a folder with a checkpoint."""
    try:
        return checkpoint_prefix(path) is not None
    except (OSError, ValueError, TypeError):
        return False


def checkpoint_prefix(path):
    """The prefix, or None. Of a folder, that of the newest checkpoint, as its file ``checkpoint`` names it."""
    path = os.fspath(path)
    if os.path.isdir(path):
        folder = path if not os.path.isdir(os.path.join(path, "chief")) else os.path.join(path, "chief")
        return _newest_checkpoint(folder)
    prefix = _CHECKPOINT_DATA.sub("", path[: -len(".index")] if path.endswith(".index") else path)
    files = (prefix + ".index", prefix)
    return prefix if any(_is_checkpoint_table(name) for name in files) else None


def _is_checkpoint_table(path):
    if not os.path.isfile(path) or os.path.getsize(path) < len(_CHECKPOINT_MAGIC):
        return False
    with open(path, "rb") as opened:
        opened.seek(-len(_CHECKPOINT_MAGIC), os.SEEK_END)
        return opened.read() == _CHECKPOINT_MAGIC


def _newest_checkpoint(folder):
    """A moved folder's file may name absolute paths of elsewhere: only the last part counts."""
    state = os.path.join(folder, "checkpoint")
    names = sorted(os.listdir(folder), key=natural_order, reverse=True)
    if os.path.isfile(state):
        with open(state, encoding="utf-8", errors="replace") as opened:
            stated = re.findall(r'^model_checkpoint_path:\s*"(.*)"', opened.read(), re.MULTILINE)
        names = [re.split(r"[/\\]", name)[-1] + ".index" for name in stated] + names
    prefixes = [os.path.join(folder, re.sub(r"\.index$", "", name)) for name in names if name != "checkpoint"]
    tables = [p for p in prefixes if _is_checkpoint_table(p + ".index") or _is_checkpoint_table(p)]
    return tables[0] if tables else None


def read_checkpoint(path, damaged=False):
    """Held, of the folder's newest checkpoint, or of the one that the path names."""
    prefix = checkpoint_prefix(path)
    if prefix is None:
        raise Unreadable("%s: no checkpoint of TensorFlow, or its index is cut off" % path)
    held, values = Held(os.fspath(path), "checkpoint"), CheckpointValues(prefix, damaged)
    order = {}
    if os.path.isfile(prefix + ".meta"):
        with open(prefix + ".meta", "rb") as opened:
            order = variable_order(opened.read())
    hold_checkpoint(held, values, order)
    return held


class CheckpointValues(object):
    """The values of a checkpoint by key, read one by one.

    Attributes: ``shapes`` {key: shape}, ``damage`` list of (key, reason).
    """

    def __init__(self, prefix, damaged):
        self._prefix, self._damaged, self.damage = prefix, damaged, []
        try:
            import tensorflow as tf
        except ImportError:
            raise Unreadable(
                "%s: TensorFlow reads its checkpoints; install it: pip install tensorflow-cpu" % prefix
            ) from None
        try:
            self._reader = tf.train.load_checkpoint(prefix)
            self.shapes = dict(self._reader.get_variable_to_shape_map())
        except Exception as error:  # TensorFlow's errors have no common class in all versions
            raise Unreadable("%s: the index: %s" % (prefix, error)) from error

    def read(self, key):
        """The value; None if it cannot be read and damage is allowed."""
        try:
            return self._reader.get_tensor(key)
        except Exception as error:
            if not self._damaged:
                raise Unreadable("%s: %s: %s" % (self._prefix, key, error)) from error
            self.damage.append((key, str(error)))
            return None


def hold_checkpoint(held, values, order):
    """Fill ``held`` with what the checkpoint has; ``order`` ranks names of variables: {} if nothing states it.

    Facts: "metrics" is their number, "epoch" and "batch" are BackupAndRestore's, "tables" has the keys and values of
    each lookup table, "optimizers" the paths of several optimizers, others are counters beside the model by their name.
    """
    if OBJECT_GRAPH_KEY in values.shapes:
        _hold_objects(held, values)
    else:
        _hold_names(held, values, order)
    held.damage += values.damage


def _hold_objects(held, values):
    raw = values.read(OBJECT_GRAPH_KEY)
    nodes = graph_of_keys(values.shapes) if raw is None else object_graph_of_bytes(raw)
    graph = ObjectGraph(nodes)
    if OBJECT_CONFIG in nodes[0].attributes and held.config is None:  # TensorFlow 1.13
        text = values.read(nodes[0].attributes[OBJECT_CONFIG][1])
        held.config = None if text is None else json.loads(text.decode("utf-8"))
    layers = layers_of_config(held.config)
    for path, node in graph.weights:
        name, key = graph.names(node)
        _add_weight(held.weights, values, Weight(key, name, layers_of_path(path, name, layers), None))
    held.ordered = graph.ordered and raw is not None
    for _, node in graph.optimizers:
        found = OptimizerNodes(graph, node)
        for target, listed in ((held.optimizer, found.outer), (held.inner, found.inner)):
            for stated in listed:
                value = values.read(stated.key)  # None keeps the place of a variable that cannot be read
                target.append(Variable(stated.key, stated.name, stated.slot, stated.of, value))
    _hold_facts(held, values, graph)


def _hold_facts(held, values, graph):
    held.facts["metrics"] = graph.metrics
    if len(graph.optimizers) > 1:
        held.facts["optimizers"] = ["/".join(path) for path, _ in graph.optimizers]
    for name, node in graph.counters.items():
        value = values.read(graph.names(node)[1])
        if value is not None:
            held.facts[_FACT_NAMES.get(name.lstrip("_"), name)] = value.tolist()
    for key in sorted(key[: -len("-keys")] for key in values.shapes if key.endswith("-keys")):
        keys, entries = values.read(key + "-keys"), values.read(key + "-values")
        held.facts.setdefault("tables", {})[key] = (keys, entries)


def _hold_names(held, values, order):
    named = NamedVariables(values.shapes, order)
    for name in named.weights:
        _add_weight(held.weights, values, Weight(name, name, layer_of_name(name), None))
    for name, slot, of in named.optimizer:
        held.optimizer.append(Variable(name, name, slot, of, values.read(name)))


def _add_weight(target, values, stated):
    value = values.read(stated.path)
    if value is not None:
        target.append(stated._replace(value=value))
