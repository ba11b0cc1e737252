"""The orders in which optimizers create their variables, for files that give them no names."""

import re

from rescue.slots import NAMELESS, slot_named

#: the variables that one Keras lists, and another computes or keeps elsewhere
NOT_EVERYWHERE = ("learning_rate", "u_product")


def orders_of(slots, keras):
    """[list of keys]: the orders in which versions of Keras create the variables of a live optimizer's class.

    Keras 2 since 2.11 and Keras 3 create the slots in one order; Keras 2 lists no learning rate, and Keras 3 has moved
    Nadam's running product from the front to the end. Found by listing the variables of every class in Keras 2.12,
    2.15, 2.21, 3.3, 3.8 and 3.15.

    Parameters
    ----------
    slots : list of LiveSlot
    keras : str or None, the version that wrote the file
    """
    own = [(s.slot, s.weight, s.depth) for s in slots]
    if (keras or "3").startswith("2"):
        return [[(s.slot, s.weight, s.depth) for s in slots if _in_keras_2(s, slots)], own]
    moved, product = ([key for key in own if (key[0] == "u_product") == one] for one in (False, True))
    front = 1 + max([place for place, key in enumerate(moved) if key[1] is None] or [-1])
    orders = [own, moved[:front] + product + moved[front:]]
    rate = [key for key in own if key[0] == "learning_rate"] or [("learning_rate", None, 0)]
    bare = [[key for key in order if key not in rate] for order in orders]
    return orders + [order[:1] + rate + order[1:] for order in bare]  # Keras 3: behind the step counter


def _in_keras_2(slot, slots):
    """Whether Keras 2 since 2.11 lists a variable that Keras 3 has.

    Its LossScaleOptimizer lists the inner optimizer's variables alone, and its Adafactor has no row and column sums for
    a weight of one dimension.
    """
    if slot.slot in NOT_EVERYWHERE or slot.depth < max(s.depth for s in slots):
        return False
    return not (slot.slot in ("r", "c") and len(slot.variable.shape) == 0)


def order_of_names(optimizer, weights, trainable, held, count):
    """The keys of ``count`` variables whose names say no weight: each slot for all weights, then the next slot.

    Until Keras 2.0.5 the weights are sorted by their names over the whole model, bias before kernel: real files of
    1.2.1 to 2.0.5 have their slots' shapes in that order, and one of 2.0.6 in the order of the layers.

    Parameters
    ----------
    optimizer : str, the optimizer's class
    weights : list of (Weight, position among the trainable weights)
    trainable : int, the number of trainable weights
    held : Held
    """
    ordered = sorted(weights, key=lambda pair: pair[0].name or "") if version_of(held.keras) < (2, 0, 6) else weights
    places = [place for _, place in ordered] if held.ordered else list(range(trainable))
    keys = [(slot_named(slot, optimizer), place, 0) for slot in NAMELESS.get(optimizer, ()) for place in places]
    whole_slots = places and count % len(places) == 0
    return keys[:count] if whole_slots else keys


def version_of(text):
    """(2, 0, 6) of "2.0.6-tf"; the newest possible one if the file states none."""
    numbers = re.findall(r"\d+", text or "")
    return tuple(int(number) for number in numbers[:3]) or (99,)
