"""The object graph of a TensorFlow checkpoint: which variables are weights, which are the optimizer's, in which order.

The graph names each object by the attribute that holds it, and each variable by its key in the checkpoint:
https://www.tensorflow.org/guide/checkpoint#loading_mechanics
"""

import re

from rescue.protobuf_fields import GraphNode

VARIABLE_VALUE, OBJECT_CONFIG = "VARIABLE_VALUE", "OBJECT_CONFIG_JSON"
_OBJECT_KEY_ENDING, _OBJECT_SLOT_MARK = "/.ATTRIBUTES/", "/.OPTIMIZER_SLOT/"
#: children that only a node of an optimizer has, of the optimizers before 2.11, since, and of TensorFlow 1
_OPTIMIZER_CHILDREN = frozenset(["iter", "_iterations", "beta1_power", "base_optimizer"])
#: children that repeat, as lists, what other children hold by its place in the model
_REPEATING_CHILDREN = frozenset(
    "variables trainable_variables non_trainable_variables _all_variables _trainable_variables keras_api signatures "
    "regularization_losses _compiled_trainable_state _misc_assets".split()
)
#: sets of which a metric of Keras keeps one: https://keras.io/api/metrics/
_METRIC_VARIABLES = [{"total", "count"}, {"total_cm"}, {"squared_sum", "residual"}]
_METRIC_VARIABLES += [{kind} for kind in ("true_positives", "true_negatives", "false_positives", "false_negatives")]
#: variables that users hold beside the model, as TensorFlow's guides do, and those of Checkpoint and BackupAndRestore
_ROOT_COUNTER = re.compile("save_counter|train_counter|step|global_step|epoch|_?ckpt_saved_.*")

_LAYER_STEP = re.compile(r"layer(_with_weights)?-\d+$")


def natural_order(name):
    """A sort key that puts layer-10 after layer-9."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def graph_of_keys(keys):
    """The object graph as far as the keys tell it, for a checkpoint whose own graph cannot be read."""
    nodes, ids, slots = [GraphNode()], {(): 0}, []

    def node_at(path):
        if path not in ids:
            parent = node_at(path[:-1])
            ids[path] = len(nodes)
            nodes.append(GraphNode())
            nodes[parent].children.append((path[-1], ids[path]))
        return ids[path]

    for key in sorted(keys, key=natural_order):
        path, _, attribute = key.partition(_OBJECT_KEY_ENDING)
        weight, _, slot = path.partition(_OBJECT_SLOT_MARK)
        if slot:
            slots.append((tuple(weight.split("/")), tuple(slot.split("/")), key))
        elif attribute:
            nodes[node_at(tuple(path.split("/")))].attributes[attribute] = (None, key)
    for weight, slot, key in slots:
        nodes.append(GraphNode())
        nodes[-1].attributes[VARIABLE_VALUE] = (None, key)
        nodes[node_at(slot[:-1])].slots.append((node_at(weight), slot[-1], len(nodes) - 1))
    return nodes


def is_numbered_layer(path, at):
    """Whether the part is a layer that a functional model numbers: ``layer-1`` (Keras 2), ``_operations/1``."""
    return bool(_LAYER_STEP.match(path[at])) or (at > 0 and path[at - 1] == "_operations" and path[at].isdigit())


class ObjectGraph(object):
    """A walk through the nodes from the root.

    Attributes
    ----------
    weights : list of (path, node id), path is a tuple of names of children; in the order of the children, which is
        that of the layers in a functional model and that of the attributes in another
    optimizers : list of (path, node id)
    counters : {name: node id}, variables of the checkpoint's root that are no weights
    metrics : int, the number of metrics
    ordered : bool, whether the weights are known to be in the model's order
    """

    def __init__(self, nodes):
        self.nodes = nodes
        self.weights, self.optimizers, self.counters, self.metrics = [], [], {}, 0
        self._seen = set()
        self._walk((), 0)
        for path, optimizer in self.optimizers:  # where a graph made of keys has the weights of Keras 3
            self._walk_list(path + ("_trainable_variables",), optimizer)
        if not self.weights:  # what ``export`` of Keras writes: lists of variables, and no layers
            self._walk_list(("variables",), 0)
        self.ordered = self._order()

    def names(self, node):
        """(full name or None, key) of a variable's node, or None for another node."""
        return self.nodes[node].attributes.get(VARIABLE_VALUE)

    def _order(self):
        """Sort the weights by the root's own list, which a SavedModel has; whether the order is now the model's.

        Without that list, the numbers of the layers are known, and the order inside a layer only if one object in it
        holds all: the order of several, for example in a dict, is not that of the children.
        """
        listed = self.nodes[0].child("variables")
        if listed is not None:
            ranks = {node: rank for rank, (_, node) in enumerate(self.nodes[listed].children)}
            self.weights.sort(key=lambda weight: ranks.get(weight[1], len(ranks)))
            return True
        holders = {}
        for path, _ in self.weights:
            layer = max([at for at in range(len(path)) if is_numbered_layer(path, at)] or [-1])
            holders.setdefault(path[: layer + 1], set()).add(path[:-1])
        return () not in holders and all(len(parents) == 1 for parents in holders.values())

    def _walk_list(self, path, holder):
        listed = self.nodes[holder].child(path[-1])
        for name, child in self.nodes[listed].children if listed is not None else ():
            self._walk(path + (name,), child)

    def _walk(self, path, at):
        if at in self._seen:
            return
        self._seen.add(at)
        if self.names(at) is None:
            self._walk_object(path, at)
        elif len(path) == 1 and _ROOT_COUNTER.match(path[0]):
            self.counters[path[0]] = at
        else:
            self.weights.append((path, at))

    def _walk_object(self, path, at):
        children = dict(self.nodes[at].children)
        if path and self._is_optimizer(at, children):
            self.optimizers.append((path, at))
        elif self._is_metric(children):
            self.metrics += 1
        else:
            numbered = {child for name, child in children.items() if name.startswith("layer-")}
            for name, child in self.nodes[at].children:
                again = name.startswith("layer_with_weights-") and child in numbered
                if name not in _REPEATING_CHILDREN and not again:
                    self._walk(path + (name,), child)
            self.metrics += self._listed_metrics(children.get("keras_api"))

    def _is_optimizer(self, at, children):
        listed = {"iterations", "_variables"} <= set(children)  # Keras 3.0 to 3.7
        return bool(self.nodes[at].slots) or listed or not _OPTIMIZER_CHILDREN.isdisjoint(children)

    def _is_metric(self, children):
        variables = {name for name, child in children.items() if self.names(child) is not None}
        others = [name for name in children if name.startswith(("layer", "_operations", "_functional"))]
        return not others and any(kept <= variables for kept in _METRIC_VARIABLES)

    def _listed_metrics(self, keras_api):
        """Metrics of a SavedModel, which a list of its own holds: ``keras_api.metrics``."""
        listed = None if keras_api is None else self.nodes[keras_api].child("metrics")
        return 0 if listed is None else sum(m not in self._seen for _, m in self.nodes[listed].children)
