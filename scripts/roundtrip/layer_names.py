"""Names of variables in a graph, and of TensorFlow 1's everywhere, made the same for equal models."""

from roundtrip import state


def named(model, captured):
    """What state.capture found, each variable called after its layer."""
    names = by_layer(model, [e["name"] for e in captured if e["role"] != "optimizer"])
    return [dict(e, name=names.get(e["name"]) or slot(e["name"], names)) for e in captured]


def by_layer(model, weights):
    """{a weight's name in the graph: its layer's name and its own}.

    A graph numbers equal names in the order of creation, and a model that is loaded is created in another one:
    ``same_1`` there may be ``same_2`` here. A layer's name is its own; equal ones are told apart by position.
    """
    owners = {}
    for layer in sorted(state.flat_layers(model), key=lambda layer: -len(layer.weights)):
        owners.update({v.name.split(":")[0]: layer.name for v in layer.weights})
    plain = ["%s/%s" % (owners[w], w.split("/")[-1]) if w in owners else w for w in weights]
    count = [plain[: i + 1].count(name) for i, name in enumerate(plain)]
    return {w: name if n == 1 else "%s#%d" % (name, n) for w, name, n in zip(weights, plain, count)}


def slot(name, weights):
    """An optimizer's variable: of a slot the weight's name and the slot's, of others the last part of the name."""
    found = [w for w in weights if "/%s/" % w in "/%s" % name]
    if not found:
        return name.split("/")[-1]
    longest = max(found, key=len)
    return "%s/%s" % (weights[longest], name.split(longest + "/")[-1])
