"""Which weight of the file belongs to which weight of the model: by name, by order, and by the values they have now.

Where these disagree, or say nothing, the answer is Refused. Two weights of one shape would be swapped without an error.
"""

import numpy as np

from rescue.evidence import pairs_by_attribute, pairs_by_name, pairs_by_structure
from rescue.layers import Refused, pairs_by_layers, weight_fits
from rescue.live import live_value

#: what tells that a weight of the file and one of the model belong together, the surest first; each is asked about what
#: the ones before it left
EVIDENCE = (pairs_by_structure, pairs_by_name, pairs_by_attribute, pairs_by_layers)


def match_weights(held, lives, model):
    """[(Weight, LiveWeight)]: each weight of the file with that of the model. Raises Refused.

    Parameters
    ----------
    held : Held
    lives : list of LiveWeight
    model : Keras model
    """
    pairs, weights, rest = [], _with_place(held.weights, lives, model), lives
    for evidence in EVIDENCE:
        if any(w.needed for w in rest):
            pairs += evidence(held, weights, rest, model)
            used = {id(part) for pair in pairs for part in pair}
            weights, rest = ([w for w in some if id(w) not in used] for some in (weights, rest))
    _check_shapes(pairs)
    _check_complete(held, pairs, weights, rest)
    _check_values(pairs)
    return pairs


def _with_place(weights, lives, model):
    """The weights of the file without those of layers that have no variables here, e.g. the boundaries of bins."""
    empty = {layer.name for layer in model.layers} - {w.layer for w in lives}
    return [w for w in weights if (w.layer or (w.name or "").split("/"))[0] not in empty]


def _check_shapes(pairs):
    for weight, live in pairs:
        if not weight_fits(weight, live):
            raise Refused("%s of the file is %s, %s/%s of the model is %s" % (
                weight.path, weight.value.shape, live.layer, live.tail, tuple(live.variable.shape)))  # fmt: skip


def _check_complete(held, pairs, weights, rest):
    """Each weight of the model must be in the file, and each weight of the file in the model."""
    absent = ["%s/%s" % (w.layer, w.tail) for w in rest if w.needed]
    if absent and not held.may_lack:
        raise Refused("the file has no value for %s" % some_of(absent))
    over = [w.path for w in weights if w.value.dtype.kind == "f"]
    if over:
        raise Refused("the model has no place for %s" % some_of(over))


def some_of(names):
    return ", ".join(names[:4]) + (" and %d more" % (len(names) - 4) if len(names) > 4 else "")


def _check_values(pairs):
    """If a weight now has the value that the file gives to another one of its shape, the two are swapped."""
    now = [live_value(live.variable) for _, live in pairs]
    same = [_equal(weight.value, value) for (weight, _), value in zip(pairs, now)]
    for place, (weight, _) in enumerate(pairs):
        if same[place] or weight.value.size < 2 or np.all(weight.value == weight.value.flat[0]):
            continue
        for other, value in enumerate(now):
            if other != place and not same[other] and _equal(weight.value, value):
                raise Refused(
                    "the model's %s/%s has the value that the file calls %s: the two layers are swapped, in the file "
                    "or in the model" % (pairs[other][1].layer, pairs[other][1].tail, weight.path)
                )


def _equal(one, other):
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
