"""The names of a weight's layer and of the models around it, from the model's config or the variable's name."""

import re

from rescue.object_graph import is_numbered_layer

_LAYER_NUMBER = re.compile(r"layer-(\d+)$")


def layers_of_config(config):
    """List of (name, layers inside) of a functional or sequential model, as its checkpoint numbers them; else [].

    ``Sequential.layers`` is without the InputLayer, and the config may have it:
    https://github.com/keras-team/keras/blob/v2.10.0/keras/engine/sequential.py
    """
    inside = (config or {}).get("config")
    listed = inside.get("layers", []) if isinstance(inside, dict) else inside  # a list: Sequential before 2.3
    if not isinstance(listed, list):
        return []
    if config.get("class_name") == "Sequential":
        listed = [layer for layer in listed if layer.get("class_name") != "InputLayer"]
    return [(layer["config"].get("name", layer.get("name")), layers_of_config(layer)) for layer in listed]


def layers_of_path(path, name, layers):
    """The names of the layers on the path through the object graph, outermost first; without the model's own.

    ``path`` is a tuple of names of children, ``name`` the variable's name or None. The config knows better than the
    variable's name, but only a functional model has one that numbers its layers.
    """
    steps = [int(match.group(1)) for match in map(_LAYER_NUMBER.match, path) if match]
    known = []
    for step in steps:
        if step >= len(layers):
            break
        layer_name, layers = layers[step]
        known.append(layer_name)
    return tuple(known) if known and len(known) == len(steps) else _layers_from_name(path, name)


def layer_of_name(name):
    """All parts before the variable's own, for a checkpoint that states names only."""
    return tuple(name.split("/")[:-1])


def _layers_from_name(path, name):
    """The parts of the name above the layer's own attributes, if there are as many as the path has numbered layers.

    More of them leave open which is the model's own name, or whether a layer has a slash in its name.
    """
    places = [at for at, part in enumerate(path) if is_numbered_layer(path, at)]
    if not places:
        return ()
    inside = [part for part in path[places[-1] + 1 :] if not part.isdigit()]
    parts = (name or "").split("/")
    around = parts[: -len(inside)] or parts[:-1]  # a wrapper's weights may be named after the wrapper alone
    return tuple(around) if len(around) == len(places) else ()
