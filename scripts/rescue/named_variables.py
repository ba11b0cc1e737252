"""A checkpoint that states names only: which of its variables an optimizer of Keras or of TensorFlow 1 made.

A slot lies under the name of its weight: ``training/Adam/dense/kernel/m`` (Keras since 1.14), ``dense/kernel/Adam_1``
(TensorFlow 1: https://github.com/tensorflow/tensorflow/blob/v1.15.0/tensorflow/python/training/slot_creator.py).
``training/Adam/Variable_1`` is one of Keras before 1.14, and states no weight.
"""

import re

from rescue.object_graph import natural_order

#: scalars that an optimizer keeps beside its slots; TensorFlow 1 numbers a repeated name
_NAMED_COUNTERS = re.compile(r"(beta[12]_power|global_step|iterations?|iter)(_\d+)?$")
_NAMED_HYPERPARAMETERS = re.compile(
    r"(lr|learning_rate|decay|rho|momentum|beta_1|beta_2|epsilon|momentum_cache|m_cache|current_loss_scale|good_steps)$"
)
#: the name scope in which Keras' graph mode makes what training needs
_TRAINING_SCOPE = re.compile(r"(^|/)training(_\d+)?/")


class NamedVariables(object):
    """Attributes: ``weights``, list of names; ``optimizer``, list of (name, slot or None, weight's name or None)."""

    def __init__(self, shapes, order):
        ranks = {name: rank for rank, name in enumerate(sorted(shapes, key=lambda n: rank_of_name(n, order)))}
        self._shapes = shapes
        self.weights, slots, others = [], [], []
        for name in sorted(shapes, key=ranks.get):
            slot, of = self._slot(name)
            if of is not None:
                slots.append((name, slot, of))
            elif self._is_optimizers(name):
                others.append((name, None, None))
            else:
                self.weights.append(name)
        counters = [o for o in others if _NAMED_COUNTERS.search(o[0])]
        self.optimizer = counters + slots + [o for o in others if o not in counters]

    def _slot(self, name):
        """(slot, weight) if the name is a weight's name with the slot behind it, perhaps with a scope before it."""
        parts = name.split("/")
        for start in range(len(parts) - 1):
            weight = "/".join(parts[start:-1])
            if weight in self._shapes and not self._is_optimizers(weight):
                return parts[-1], weight
        return None, None

    def _is_optimizers(self, name):
        scalar, last = len(self._shapes[name]) == 0, name.rsplit("/", 1)[-1]
        counts = _NAMED_COUNTERS.match(last) or ("/" in name and _NAMED_HYPERPARAMETERS.match(last))
        return bool(_TRAINING_SCOPE.search(name) or (scalar and counts))


def rank_of_name(name, order):
    """Sorts by the order of creation, and what it does not list by name."""
    return (order.get(name, len(order)), natural_order(name))
