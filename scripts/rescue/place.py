"""Which variable of the file's optimizer belongs to which variable of the live one: by name, and by position.

A variable has a key: (slot, position of its weight among the trainable ones, depth), see LiveSlot.
"""

import re

import numpy as np

from rescue.held import listed_once
from rescue.layers import Refused
from rescue.order import order_of_names, orders_of
from rescue.slots import NEVER_NEGATIVE, SQUARES, count_up, nameless, slot_named, split_name

#: variables of the whole optimizer that the outer of two nested optimizers has
OF_LOSS_SCALE = ("dynamic_scale", "step_counter")


class Placing(object):
    """Places the optimizer's variables of a file in a live optimizer.

    Parameters
    ----------
    held : Held
    pairs : list of (Weight, LiveWeight)
    slots : list of LiveSlot
    trainable : list, the live optimizer's trainable weights in order
    optimizer : str, the class of the file's optimizer; None if the file does not state it

    Attributes
    ----------
    values : dict, {key: (Variable, "name" or "position")}
    left : list of Variable, those of the file that have no place
    """

    def __init__(self, held, pairs, slots, trainable, optimizer):
        self.held, self.slots, self.trainable = held, slots, trainable
        self.optimizer = optimizer
        self.places = {id(v): place for place, v in enumerate(trainable)}
        self.live = {(s.slot, s.weight, s.depth): s for s in slots}
        self.nested = any(s.depth for s in slots)
        self.weights = [(w, self.places[id(live.variable)]) for w, live in pairs if id(live.variable) in self.places]
        self.values, self.left = {}, []
        self.listed = listed_once(held)
        by_name = self._by_name()
        by_position = self._by_position(by_name)
        self._agree(by_name, by_position)
        for variable in self.listed:
            if variable.value is not None:
                self._place(variable, by_name.get(id(variable)), by_position.get(id(variable)))
        self._check()

    def _by_name(self):
        """{id of a variable: key}; nothing for a name that is not unique, or says nothing."""
        names, keys = {}, {}
        for weight, place in self.weights:
            names.setdefault(weight.name or weight.path, set()).add(place)
        unique = {name: places.pop() for name, places in names.items() if len(places) == 1}
        paths = {weight.path: place for weight, place in self.weights}
        inside = {id(variable) for variable in self.held.inner}
        for variable in self.listed:
            key = self._key(variable, unique, names, paths, id(variable) not in inside)
            if key is not None:
                keys[id(variable)] = key
        return keys if len(set(keys.values())) == len(keys) else self._unique(keys)

    @staticmethod
    def _unique(keys):
        listed = list(keys.values())
        return {name: key for name, key in keys.items() if listed.count(key) == 1}

    def _key(self, variable, unique, names, paths, outer):
        if variable.of is not None:
            if variable.of not in paths:
                return None
            return slot_named(variable.slot, self.optimizer), paths[variable.of], self._depth(None, outer)
        if variable.name is None or nameless(variable.name):
            return None
        slot, weight = split_name(variable.name, names, self.optimizer)
        if weight is None:
            scalar = variable.value is not None and variable.value.ndim == 0
            return (slot, None, self._depth(variable.name, outer, slot)) if scalar else None
        return (slot, unique[weight], self._depth(None, outer)) if weight in unique else None

    def _depth(self, name, outer, slot=None):
        """0, or 1 inside a LossScaleOptimizer: names tell it, or the file's layout."""
        if not self.nested or slot in OF_LOSS_SCALE:
            return 0
        if name is None or not outer or self.held.inner:
            return 0 if outer and self.held.inner else 1
        return 0 if re.match(r"loss_scale_optimizer[^/]*/[^/]*$", name) else 1

    def _by_position(self, by_name):
        """{id of a variable: key} by the order in which the class creates its variables; {} if no order fits.

        Numbers of the whole optimizer need no position if the file names them: checkpoints list some that
        ``optimizer.variables`` does not have.
        """
        whole = {id(v) for v in self.listed if v.name and not nameless(v.name) and self._is_whole(v, by_name)}
        listed = [v for v in self.listed if id(v) not in whole]
        if any(variable.of is not None for variable in listed):
            return {}
        shaped = [v for v in listed if v.value is not None and v.value.ndim]
        if shaped and all(v.name and nameless(v.name) for v in shaped):
            return self._nameless(listed)
        for order in orders_of(self.slots, self.held.keras):
            order = [key for key in order if key[1] is not None] if whole else order
            if len(order) == len(listed) and all(self._fits(v, key) for v, key in zip(listed, order)):
                return {id(v): key for v, key in zip(listed, order)}
        return {}

    def _is_whole(self, variable, by_name):
        """Whether a variable is one of the whole optimizer: its name has no weight in it."""
        if variable.value is None or variable.value.ndim:
            return False
        return by_name.get(id(variable), (None, None, 0))[1] is None and variable.of is None

    def _nameless(self, listed):
        """{id of a variable: key} of optimizers that give their variables no names.

        Keras 1 gives none to the step counter either, the first variable that it creates.
        """
        unnamed = [v for v in listed if v.value is not None and nameless(v.name)]
        counters = [v for v in unnamed[:1] if v.value.ndim == 0 and v is listed[0]]
        shaped = unnamed[len(counters) :]
        keys = order_of_names(self.optimizer, self.weights, len(self.trainable), self.held, len(shaped))
        fitting = len(keys) == len(shaped) and all(self._fits(v, key) for v, key in zip(shaped, keys))
        if not count_up([v.name for v in unnamed]):
            raise Refused("the optimizer's variables are not in the order of creation: their numbers do not count up")
        if not fitting:
            return {}
        keys = [("iteration", None, 0)] * len(counters) + keys
        return {id(v): key for v, key in zip(unnamed, keys)}

    def _fits(self, variable, key):
        """Whether a variable has the shape of a key's live variable; one without either fits."""
        if variable.value is None or key not in self.live:
            return True
        return tuple(variable.value.shape) == tuple(int(d) for d in self.live[key].variable.shape)

    def _agree(self, by_name, by_position):
        for variable in self.listed:
            name, position = by_name.get(id(variable)), by_position.get(id(variable))
            if None in (name, position) or name == position or name not in self.live:
                continue
            if name[1] is not None and self._swappable(name, position):
                raise Refused(
                    "the optimizer's variable %s is in the place of another one of its shape: by its name it is the %s "
                    "of weight %d, by its place in the file it is the %s of weight %s"
                    % (variable.path, name[0], name[1], position[0], position[1])
                )

    def _swappable(self, one, other):
        shapes = [tuple(self.live[key].variable.shape) for key in (one, other) if key in self.live]
        return len(shapes) == 2 and shapes[0] == shapes[1] and self._same_order()

    def _same_order(self):
        """Whether the file's trainable weights stand in the order of the live optimizer's."""
        places = [place for _, place in self.weights]
        return self.held.ordered and places == sorted(places)

    def _place(self, variable, name, position):
        key, how = (name, "name") if name in self.live else (position, "position")
        if key not in self.live or key in self.values:
            self.left.append(variable)
            return
        shape = tuple(int(d) for d in self.live[key].variable.shape)
        if tuple(variable.value.shape) != shape:
            raise Refused("the optimizer's variable %s is %s in the file, %s in the model"
                          % (variable.path, variable.value.shape, shape))  # fmt: skip
        self.values[key] = (variable, how)

    def _check(self):
        """No sum of squares is negative: such a value belongs to another slot. And no slot is there in part."""
        for (slot, weight, _), (variable, _) in self.values.items():
            squared = self.optimizer in SQUARES and slot in NEVER_NEGATIVE and weight is not None
            if squared and np.any(variable.value < 0):
                raise Refused("%s of the file has values below zero: it is no %s" % (variable.path, slot))
        if self.held.damage:
            return
        for slot, depth in sorted({(s.slot, s.depth) for s in self.slots if s.weight is not None}):
            places = [key for key in self.live if (key[0], key[2]) == (slot, depth)]
            filled = [key for key in places if key in self.values]
            empty = [key for key in places if key not in self.values and len(self.live[key].variable.shape)]
            if filled and empty and len(filled) < len(places):
                raise Refused("the file has the slot %r for %d of %d weights" % (slot, len(filled), len(places)))

    def without_slots(self):
        """Whether numbers of the whole optimizer have a place and no slot has, though both sides have slots."""
        slots = any(v.value is not None and v.value.ndim for v in self.left) and any(
            s.weight is not None for s in self.slots
        )
        return slots and bool(self.values) and all(key[1] is None for key in self.values)

    def forget(self):
        """Leave everything: a late step with new moments is worse than a new beginning."""
        self.left += [variable for variable, _ in self.values.values()]
        self.values = {}
