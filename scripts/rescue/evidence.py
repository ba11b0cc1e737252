"""What tells which weight of a model a weight of the file is, where the file names or places each single one."""

from rescue.layers import Refused, made_up_names, weight_fits
from rescue.live import live_name
from rescue.structure import structural_objects, structural_paths


def pairs_by_structure(held, weights, lives, model):
    """By the path that Keras gives a variable in ``.keras`` and ``.weights.h5``: layers/dense_1/vars/0.

    Raises Refused where the path leads to another layer than the name that the file states.
    """
    if any(w.name for w in held.weights) or not any("/vars/" in w.path for w in weights):
        return []
    current = held.facts.get("current paths") or {}
    live = {id(w.variable): w for w in lives}
    ours = {_bare(path): live[id(v)] for path, v in structural_paths(model).items() if id(v) in live}
    placed = [(w, ours.get(_bare(current.get(w.path, w.path)))) for w in weights]
    pairs = [(w, other) for w, other in placed if other is not None and weight_fits(w, other)]
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


def pairs_by_name(held, weights, lives, model):
    """By the whole name of the variable, where the file states no layer: tower/tower_dense/kernel.

    A name that Keras made up says nothing about one of several weights of its shape: there, the order must agree.
    """
    free = [w for w in weights if w.name and not w.layer]
    names, ours = [w.name for w in free], {}
    for live in lives:
        ours.setdefault(live_name(live.variable), []).append(live)
    unique = {name: found[0] for name, found in ours.items() if len(found) == 1 and names.count(name) == 1}
    pairs = [(w, unique[w.name]) for w in free if w.name in unique and weight_fits(w, unique[w.name])]
    if held.ordered:
        _check_order(pairs, lives, made_up_names(model))
    return pairs


def _check_order(pairs, lives, made_up):
    places = {id(live): place for place, live in enumerate(lives)}
    last = {}
    for weight, live in pairs:
        kind = (live.tail, tuple(weight.value.shape))
        if live.layer in made_up and places[id(live)] < last.get(kind, -1):
            raise Refused(
                "%s stands after another weight of its shape in the file and before it in the model, and Keras made "
                "the name up: they could be swapped" % weight.name
            )
        if live.layer in made_up:
            last[kind] = places[id(live)]


def pairs_by_attribute(held, weights, lives, model):
    """By the attributes that lead to the variable, as a checkpoint of a subclassed model has them: dense_1/_kernel."""
    if not any("/.ATTRIBUTES/" in w.path for w in weights):
        return []
    live = {id(w.variable): w for w in lives}
    ours = {}
    for path, thing in structural_objects(model).items():
        for name, value in vars(thing).items():
            if id(value) in live:
                ours["/".join(filter(None, [path, name.lstrip("_")]))] = live[id(value)]
    found = [(w, ours.get(_attribute_path(w.path))) for w in weights]
    return [(w, other) for w, other in found if other is not None and weight_fits(w, other)]


def _attribute_path(path):
    """``dense_1/kernel`` of ``model/dense_1/_kernel/.ATTRIBUTES/VARIABLE_VALUE``."""
    parts = [part.lstrip("_") for part in path.split("/.ATTRIBUTES/")[0].split("/")]
    return "/".join(parts[1:] if parts[0] == "model" else parts)
