"""Which weight of the file belongs to which weight of the model: by name, by order, and by the values they have now.

Where these disagree, or say nothing, the answer is Refused. Two weights of one shape would be swapped without an error.
"""

import collections
import re

import numpy as np

from rescue.live import live_value, tail_of
from rescue.structure import structural_paths


class Refused(Exception):
    """The file does not fit the model, or its parts could be confused; nothing was changed."""


#: how a name that Keras makes up looks: the class in snake case and a number. It identifies nothing by itself
MADE_UP = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*?(_\d+)?$")


def match_weights(held, lives, model):
    """[(Weight, LiveWeight)]: each weight of the file with that of the model. Raises Refused.

    Parameters
    ----------
    held : Held
    lives : list of LiveWeight
    model : Keras model
    """
    if all(w.layer or w.name for w in held.weights):
        pairs = _by_layers(held, lives)
    else:
        pairs = _by_structure(held, lives, model)
    _check_shapes(pairs)
    _check_complete(held, pairs, lives)
    _check_values(pairs)
    return pairs


def _by_structure(held, lives, model):
    """By the path that Keras gives a variable in ``.keras`` and ``.weights.h5``: layers/dense_1/vars/0."""
    paths = {id(variable): path for path, variable in structural_paths(model).items()}
    ours = {paths[id(w.variable)]: w for w in lives if id(w.variable) in paths}
    return [(w, ours[w.path]) for w in held.weights if w.path in ours]


def _by_layers(held, lives):
    files, models = _grouped(held.weights, lambda w: _layer_of(w, lives)), _grouped(lives, lambda w: w.layer)
    files = {name: group for name, group in files.items() if _counts(group)}
    models = {name: group for name, group in models.items() if any(w.needed for w in group)}
    names = _pair_layers(files, models, held)
    return [pair for ours, theirs in names for pair in _inside(ours, files[ours], models[theirs], theirs)]


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
    """Whether a group of the file has a weight, and not the state of a random generator alone."""
    return any("seed" not in w.path for w in group)


def _pair_layers(files, models, held):
    """[(layer of the file, layer of the model)]. Raises Refused if names and order leave it open."""
    if set(files) == set(models):
        _check_order(files, models, held)
        return [(name, name) for name in files]
    if not held.ordered:
        raise Refused("the layers of the file and of the model have other names, and %s" % _difference(files, models))
    if len(files) != len(models):
        raise Refused("the file has %d layers with weights, the model %d: %s"
                      % (len(files), len(models), _difference(files, models)))  # fmt: skip
    for ours, theirs in zip(files, models):
        if ours != theirs and not (_stem(ours) == _stem(theirs) and _made_up(ours, held)):
            raise Refused(
                "the layer %r of the file would be %r of the model: %s" % (ours, theirs, _difference(files, models))
            )
        if sorted(_shapes(files[ours])) != sorted(_shapes(models[theirs])):
            raise Refused("the layer %r of the file has the shapes %s, %r of the model has %s"
                          % (ours, _shapes(files[ours]), theirs, _shapes(models[theirs])))  # fmt: skip
    return list(zip(files, models))


def _check_order(files, models, held):
    """Equal names are not enough where Keras made them up: there, the order must agree too."""
    ours = [name for name in files if _made_up(name, held)]
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


def _made_up(name, held):
    """Whether Keras made up the name of a layer: it is the class of the layer in snake case, with or without a number."""
    class_ = layer_classes(held.config).get(name)
    if class_ is None:
        return bool(MADE_UP.match(name))
    snake = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_.split(">")[-1])
    return _stem(name) == re.sub(r"([a-z])([A-Z])", r"\1_\2", snake).lower()


def layer_classes(config):
    """{name: class} of the layers that a model's config lists at the top."""
    inner = (config or {}).get("config")
    layers = inner.get("layers", []) if isinstance(inner, dict) else inner if isinstance(inner, list) else []
    named = [layer for layer in layers if isinstance(layer, dict) and isinstance(layer.get("config"), dict)]
    return {layer["config"].get("name"): str(layer.get("class_name")) for layer in named}


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


def _inside(layer, ours, theirs, other):
    """The pairs inside one layer: by name, and what is left by order if the shapes in order are equal."""
    tails = [tail_of(w.name or w.path, layer) for w in ours]
    by_tail = {w.tail: w for w in theirs if [t.tail for t in theirs].count(w.tail) == 1}
    pairs = [(w, by_tail[t]) for w, t in zip(ours, tails) if t in by_tail and tails.count(t) == 1]
    pairs = [(w, live) for w, live in pairs if _fits(w, live)]
    taken = {id(part) for pair in pairs for part in pair}
    left = [w for w in ours if id(w) not in taken], [w for w in theirs if id(w) not in taken]
    plain = [w for w in left[0] if not _is_seed(w)], [w for w in left[1] if w.needed]
    if _shapes(plain[0]) != _shapes(plain[1]):
        raise Refused(
            "in the layer %r, the file has %s and the model has %s"
            % (other, _listed(plain[0], _shapes(plain[0])), _listed(plain[1], _shapes(plain[1])))
        )
    return pairs + list(zip(*plain))


def _listed(weights, shapes):
    names = [w.tail if hasattr(w, "tail") else w.name or w.path for w in weights]
    return ", ".join("%s %s" % pair for pair in zip(names, shapes)) or "nothing more"


def _fits(weight, live):
    return tuple(weight.value.shape) == tuple(int(d) for d in live.variable.shape)


def _check_shapes(pairs):
    for weight, live in pairs:
        if not _fits(weight, live):
            raise Refused("%s of the file is %s, %s/%s of the model is %s" % (
                weight.path, weight.value.shape, live.layer, live.tail, tuple(live.variable.shape)))  # fmt: skip


def _check_complete(held, pairs, lives):
    """Each weight of the model must be in the file, and each weight of the file in the model."""
    paired = {id(live.variable) for _, live in pairs}
    absent = ["%s/%s" % (w.layer, w.tail) for w in lives if w.needed and id(w.variable) not in paired]
    damaged = bool(held.damage)
    if absent and not damaged:
        raise Refused("the file has no value for %s" % _some(absent))
    used = {id(w) for w, _ in pairs}
    over = [w.path for w in held.weights if id(w) not in used and w.value.dtype.kind == "f"]
    if over:
        raise Refused("the model has no place for %s" % _some(over))


def _some(names):
    return ", ".join(names[:4]) + (" and %d more" % (len(names) - 4) if len(names) > 4 else "")


def _check_values(pairs):
    """If a weight now has the value that the file gives to another one of its shape, the two are swapped."""
    now = [live_value(live.variable) for _, live in pairs]
    same = [_equal(weight.value, value) for (weight, _), value in zip(pairs, now)]
    for place, (weight, live) in enumerate(pairs):
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
