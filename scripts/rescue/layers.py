"""Which layer of the file is which layer of the model, and which weight inside it is which."""

import collections
import re

from rescue.archive_layers import archive_snake_case
from rescue.live import tail_of


class Refused(Exception):
    """The file does not fit the model, or its parts could be confused; nothing was changed."""


def pairs_by_layers(held, weights, lives, model):
    """[(Weight, LiveWeight)] by the layers' names, or by their order where Keras made the names up. Raises Refused."""
    files, models = _grouped(weights, lambda w: _layer_of(w, lives)), _grouped(lives, lambda w: w.layer)
    files = {name: group for name, group in files.items() if _counts(group)}
    models = {name: group for name, group in models.items() if any(w.needed for w in group)}
    names = _pair_layers(files, models, held, made_up_names(model))
    return [pair for ours, theirs in names for pair in _inside(ours, files[ours], models[theirs], held)]


def _grouped(items, key):
    groups = collections.OrderedDict()
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _layer_of(weight, lives):
    """The name of the top-level layer of a file's weight; from the variable's name if the file does not state it."""
    if weight.layer:
        return weight.layer[0]
    known = {w.layer for w in lives}
    parts = (weight.name or weight.path).split("/")
    named = [part for part in parts[:-1] if part in known]
    return named[0] if named else ("" if len(parts) == 1 or "" in known else parts[0])


def _counts(group):
    """Whether a group of the file has a weight; the state of a random generator and a vocabulary are none."""
    return any("seed" not in w.path and w.value.dtype.kind in "fV" for w in group)


def _pair_layers(files, models, held, made_up):
    """[(layer of the file, layer of the model)]. Raises Refused if names and order leave it open."""
    if set(files) == set(models) or (held.may_lack and set(files) < set(models)):
        _check_layers(files, models, held, made_up)
        return [(name, name) for name in files]
    if not held.ordered:
        raise Refused("the layers of the file and of the model have other names, and %s" % _difference(files, models))
    if len(files) != len(models):
        raise Refused("the file has %d layers with weights, the model %d: %s"
                      % (len(files), len(models), _difference(files, models)))  # fmt: skip
    for ours, theirs in zip(files, models):
        if ours != theirs and not (_stem(ours) == _stem(theirs) and theirs in made_up):
            raise Refused(
                "the layer %r of the file would be %r of the model: %s" % (ours, theirs, _difference(files, models))
            )
        if sorted(_shapes(files[ours])) != sorted(_shapes(models[theirs])):
            raise Refused("the layer %r of the file has the shapes %s, %r of the model has %s"
                          % (ours, _shapes(files[ours]), theirs, _shapes(models[theirs])))  # fmt: skip
    return list(zip(files, models))


def _check_layers(files, models, held, made_up):
    """Equal names are not enough where Keras made them up: there, the order must agree too."""
    ours = [name for name in files if name in made_up]
    theirs = [name for name in models if name in ours]
    if held.ordered and ours != theirs:
        for one, other in zip(ours, theirs):
            if one != other and _stem(one) == _stem(other) and _shapes(files[one]) == _shapes(files[other]):
                raise Refused(
                    "the file has the layers %s in this order, the model has %s. The shapes are equal and the names "
                    "were made up by Keras, so the layers could be swapped" % (", ".join(ours), ", ".join(theirs))
                )


def _stem(name):
    return re.sub(r"_\d+$", "", name)


def made_up_names(model):
    """The names of layers that Keras made up: the class in snake case and a number. They identify nothing."""
    return {layer.name for layer in model.layers if _stem(layer.name) == archive_snake_case(type(layer).__name__)}


def _difference(files, models):
    ours, theirs = [n for n in files if n not in models], [n for n in models if n not in files]
    parts = ["only the file has " + ", ".join(map(repr, ours[:4]))] if ours else []
    parts += ["only the model has " + ", ".join(map(repr, theirs[:4]))] if theirs else []
    return "; ".join(parts) or "the names are the same"


def _shapes(group):
    values = [w.value if hasattr(w, "value") else w.variable for w in group if not _is_seed(w)]
    return [tuple(int(d) for d in v.shape) for v in values]


def _is_seed(weight):
    return "seed" in weight.path if hasattr(weight, "path") else not weight.needed


def _inside(layer, ours, theirs, held):
    """The pairs inside one layer: by name, and what is left by order if the shapes in order are equal."""
    tails = [tail_of(w.name or w.path, layer) for w in ours]
    by_tail = {w.tail: w for w in theirs if [t.tail for t in theirs].count(w.tail) == 1}
    pairs = [(w, by_tail[t]) for w, t in zip(ours, tails) if t in by_tail and tails.count(t) == 1]
    pairs = [(w, live) for w, live in pairs if weight_fits(w, live)]
    taken = {id(part) for pair in pairs for part in pair}
    left = [w for w in ours if id(w) not in taken], [w for w in theirs if id(w) not in taken]
    plain = [w for w in left[0] if not _is_seed(w)], [w for w in left[1] if w.needed]
    if _shapes(plain[0]) != _shapes(plain[1]) and held.may_lack and len(plain[0]) < len(plain[1]):
        return pairs  # by name alone: what is left of a damaged file says nothing about the order
    if _shapes(plain[0]) != _shapes(plain[1]):
        raise Refused(
            "in the layer %r, the file has %s and the model has %s"
            % (theirs[0].layer, _listed(plain[0], _shapes(plain[0])), _listed(plain[1], _shapes(plain[1])))
        )
    return pairs + list(zip(*plain))


def _listed(weights, shapes):
    names = [w.tail if hasattr(w, "tail") else w.name or w.path for w in weights]
    return ", ".join("%s %s" % pair for pair in zip(names, shapes)) or "nothing more"


def weight_fits(weight, live):
    return tuple(weight.value.shape) == tuple(int(d) for d in live.variable.shape)
