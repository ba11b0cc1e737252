"""Which loaded variable a stated array belongs to, where the file says it by the names of layers or of variables."""

from roundtrip import state


def matches(rt, model, entries):
    """{name in the file: name of the loaded variable}; without an entry where the file does not say it."""
    names = {id(v): name for name, _, v in state.variables(rt, model)}
    layers = {layer.name: layer for layer in reversed(state.flat_layers(model))}
    found = {}
    for entry in entries:
        if entry["role"] != "weight":
            continue
        if "layer" in entry:
            own = weights_of(layers.get(entry["layer"]))
            count = sum(e.get("layer") == entry["layer"] for e in entries)
            variable = own[entry["position"]] if len(own) == count else None
            if variable is not None and id(variable) in names:
                found[entry["name"]] = names[id(variable)]
        elif entry["name"] in names.values():
            found[entry["name"]] = entry["name"]
    return found


def weights_of(layer):
    """A layer's weights in the order of HDF5 files: those that train, then the others.

    https://github.com/keras-team/keras/blob/v3.15.1/keras/src/legacy/saving/legacy_h5_format.py (_legacy_weights)
    """
    return [] if layer is None else list(layer.trainable_weights) + list(layer.non_trainable_weights)
