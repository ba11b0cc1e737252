"""The variables of an optimizer in the object graph of a checkpoint, in the order of ``optimizer.variables``.

Before TensorFlow 2.11, the graph states each slot with its weight, and holds the hyperparameters as variables:
https://github.com/keras-team/keras/blob/v2.10.0/keras/optimizers/optimizer_v2/optimizer_v2.py
Since, a list ``_variables`` has them all:
https://github.com/keras-team/keras/blob/v2.11.0/keras/optimizers/optimizer_experimental/optimizer.py
In Keras 3, lists named after the slots state to which trainable variable each belongs.
"""

import collections

from rescue.object_graph import natural_order
from rescue.slots import slot_of_list

#: a variable of the optimizer as the graph states it; ``of`` is the key of the weight
StatedVariable = collections.namedtuple("StatedVariable", "key name slot of")

#: variables that lie before the slots; every other one beside the slots is a hyperparameter
_OPTIMIZER_COUNTERS = frozenset(["iter", "_iterations", "iterations", "beta1_power", "beta2_power"])


class OptimizerNodes(object):
    """Attributes: ``outer`` and ``inner``, lists of StatedVariable; ``inner`` is [] without a LossScaleOptimizer."""

    def __init__(self, graph, optimizer):
        self._graph, self._ranks = graph, {node: rank for rank, (_, node) in enumerate(graph.weights)}
        children = dict(graph.nodes[optimizer].children)
        scale, wrapped = children.get("loss_scale"), self._wrapped(children)
        own = self._variables(optimizer)
        if scale is not None:  # Keras 2
            self.outer, self.inner = self._hyperparameters(scale), own if wrapped is None else self._variables(wrapped)
        elif wrapped is not None:  # Keras 3
            self.outer, self.inner = own, self._variables(wrapped)
        else:
            self.outer, self.inner = own, []

    def _wrapped(self, children):
        """The optimizer in a LossScaleOptimizer, or None: Keras since 2.4 saves its children as the outer one's.

        https://github.com/keras-team/keras/blob/v2.10.0/keras/mixed_precision/loss_scale_optimizer.py
        """
        base = children.get("inner_optimizer", children.get("base_optimizer"))
        return base if base is not None and self._graph.nodes[base].children else None

    def _variables(self, optimizer):
        node = self._graph.nodes[optimizer]
        listed = node.child("_variables")
        slots = self._slots(node) if listed is None else self._listed(node, listed)
        keys = {stated.key for stated in slots}
        counters = [self._stated(c) for name, c in node.children if name in _OPTIMIZER_COUNTERS]
        counters = [stated for stated in counters if stated.key not in keys]
        keys.update(stated.key for stated in counters)
        return counters + slots + [stated for stated in self._hyperparameters(optimizer) if stated.key not in keys]

    def _hyperparameters(self, optimizer):
        """Every variable that is a direct child; its name is the child's."""
        children = [(name, self._key(child)) for name, child in self._graph.nodes[optimizer].children]
        return [StatedVariable(key, name.lstrip("_"), None, None) for name, key in children if key]

    def _slots(self, node):
        """In the order of creation: slot by slot, and in each the weights in the model's order."""
        kinds = list(collections.OrderedDict.fromkeys(slot for _, slot, _ in node.slots))
        last = len(self._ranks)
        ordered = sorted(node.slots, key=lambda s: (kinds.index(s[1]), self._ranks.get(s[0], last)))
        return [self._stated(c, slot, self._key(weight)) for weight, slot, c in ordered if self._graph.names(c)]

    def _listed(self, node, listed):
        slots = self._slot_lists(node)
        children = sorted(self._graph.nodes[listed].children, key=lambda c: natural_order(c[0]))
        return [self._stated(c, *slots.get(c, (None, None))) for _, c in children if self._graph.names(c)]

    def _slot_lists(self, node):
        """{node id: (slot, key of the weight)}, if the optimizer lists its trainable variables too: Keras 3."""
        trainable = node.child("_trainable_variables")
        if trainable is None:
            return {}
        weights = dict(self._graph.nodes[trainable].children)
        lists = [(name, c) for name, c in node.children if name not in ("_variables", "_trainable_variables")]
        return {
            variable: (slot_of_list(name), self._key(weights[index]))
            for name, c in lists
            for index, variable in self._graph.nodes[c].children
            if index in weights
        }

    def _key(self, node):
        names = self._graph.names(node)
        return None if names is None else names[1]

    def _stated(self, node, slot=None, of=None):
        full, key = self._graph.names(node)
        return StatedVariable(key, full, slot, of)
