"""Which weight of the file belongs to which weight of the model: by name, by order, and by the values they have now.

Where these disagree, or say nothing, the answer is Refused. Two weights of one shape would be swapped without an error.
"""

import numpy as np

from rescue.layers import Refused, pairs_by_layers, weight_fits
from rescue.live import live_value
from rescue.structure import structural_paths


def match_weights(held, lives, model):
    """[(Weight, LiveWeight)]: each weight of the file with that of the model. Raises Refused.

    Parameters
    ----------
    held : Held
    lives : list of LiveWeight
    model : Keras model
    """
    pairs = [] if any(w.name for w in held.weights) else _by_structure(held, lives, model)
    used = {id(part) for pair in pairs for part in pair}
    rest = [w for w in held.weights if id(w) not in used], [w for w in lives if id(w) not in used]
    if not pairs or any(w.needed for w in rest[1]):
        pairs += pairs_by_layers(held, *rest)
    _check_shapes(pairs)
    _check_complete(held, pairs, lives)
    _check_values(pairs)
    return pairs


def _by_structure(held, lives, model):
    """By the path that Keras gives a variable in ``.keras`` and ``.weights.h5``: layers/dense_1/vars/0.

    Raises Refused where the path leads to another layer than the name that the file states.
    """
    paths = structural_paths(model)
    live = {id(w.variable): w for w in lives}
    ours = {_bare(path): live[id(variable)] for path, variable in paths.items() if id(variable) in live}
    pairs = [(w, ours[_bare(w.path)]) for w in held.weights if _bare(w.path) in ours]
    pairs = [pair for pair in pairs if weight_fits(*pair)]
    names = {w.layer for w in lives}
    for weight, other in pairs:
        if weight.layer and weight.layer[0] != other.layer and weight.layer[0] in names:
            raise Refused(
                "%s of the file belongs to its layer %r, and by its place to the layer %r of the model: they could be "
                "swapped" % (weight.path, weight.layer[0], other.layer)
            )
    return pairs


def _bare(path):
    """A path as Keras 2 and Keras 3 both write it: Keras 2's attributes begin with an underscore more often."""
    return "/".join(part.lstrip("_") for part in path.split("/"))


def _check_shapes(pairs):
    for weight, live in pairs:
        if not weight_fits(weight, live):
            raise Refused("%s of the file is %s, %s/%s of the model is %s" % (
                weight.path, weight.value.shape, live.layer, live.tail, tuple(live.variable.shape)))  # fmt: skip


def _check_complete(held, pairs, lives):
    """Each weight of the model must be in the file, and each weight of the file in the model."""
    paired = {id(live.variable) for _, live in pairs}
    absent = ["%s/%s" % (w.layer, w.tail) for w in lives if w.needed and id(w.variable) not in paired]
    damaged = bool(held.damage)
    if absent and not damaged:
        raise Refused("the file has no value for %s" % some_of(absent))
    used = {id(w) for w, _ in pairs}
    over = [w.path for w in held.weights if id(w) not in used and w.value.dtype.kind == "f"]
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
