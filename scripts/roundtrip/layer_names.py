"""Names of variables that are the same for equal models, for graph mode and for TensorFlow 1."""

from roundtrip import state


def named(model, captured):
    """The result of state.capture, with each variable named after its layer."""
    names = by_layer(model, [e["name"] for e in captured if e["role"] != "optimizer"])
    return [dict(e, name=names.get(e["name"]) or slot(e["name"], names)) for e in captured]


def by_layer(model, weights):
    """{a weight's name in the graph: ``<layer>/<weight>``}.

    A graph appends numbers to equal names in the order of creation, and loading may create a model in another order:
    ``same_1`` of one model may be ``same_2`` of the other. The names of layers do not change. Equal results get
    numbers by their position.
    """
    owners = {}
    for layer in sorted(state.flat_layers(model), key=lambda layer: -len(layer.weights)):
        owners.update({v.name.split(":")[0]: layer.name for v in layer.weights})
    plain = ["%s/%s" % (owners[w], w.split("/")[-1]) if w in owners else w for w in weights]
    count = [plain[: i + 1].count(name) for i, name in enumerate(plain)]
    return {w: name if n == 1 else "%s#%d" % (name, n) for w, name, n in zip(weights, plain, count)}


def slot(name, weights):
    """The name of an optimizer's variable: ``<weight>/<slot>`` for a slot, the last part of its name for the others."""
    found = [w for w in weights if "/%s/" % w in "/%s" % name]
    if not found:
        return name.split("/")[-1]
    longest = max(found, key=len)
    return "%s/%s" % (weights[longest], name.split(longest + "/")[-1])
