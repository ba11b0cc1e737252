"""Which layers the file says are trainable."""


def differing_flags(model, config):
    """[(layer, flag)]: the layers of a live model whose flag is not the one of the file's config.

    Only layers without layers of their own: their flags make up those of the models around them.
    """
    inner = (config or {}).get("config")
    listed = inner.get("layers", []) if isinstance(inner, dict) else inner if isinstance(inner, list) else []
    layers = {layer.name: layer for layer in model.layers}
    found = []
    for stated in listed:
        own = stated.get("config") if isinstance(stated, dict) else None
        layer = layers.get(own.get("name")) if isinstance(own, dict) else None
        if layer is None:
            continue
        if "layers" in own and hasattr(layer, "layers"):
            found += differing_flags(layer, stated)
        elif isinstance(own.get("trainable"), bool) and layer.weights and bool(layer.trainable) != own["trainable"]:
            found.append((layer, own["trainable"]))
    return found
