"""Models: named builders with their data, loss, optimizer and metrics. One file each.

A model declares

``TITLE``    what it is, in a line
``APIS``     {api: range of Keras versions that can express it}
``TRAITS``   facts that contracts refer to (the words: docs/models.md)
``TWIN``     the id of the same architecture written another way, for the transfer uses
``SAMPLES``  how many training samples it takes (batches of 32: the last one should be ragged)

and defines

``data(images, labels)``  (n, 28, 28) uint8 and (n,) integers -> (inputs, targets)
``build(rt, inputs)``     the uncompiled model; ``inputs`` are the training inputs, for layers that adapt
``compile(rt, model)``    compiles it; every argument that can differ from its default does
``custom_objects(rt)``    {name: class} of what it defines; registration happens here too, where it is wanted

Layers have explicit names, and arguments differ from their defaults, or losing them would go unseen.
"""


def pixels(images):
    """(n, 28, 28) uint8 -> (n, 784) float32 in [0, 1]."""
    return images.reshape(len(images), -1).astype("float32") / 255.0


def rows(images):
    """(n, 28, 28) uint8 -> (n, 28, 28) float32 in [0, 1]: 28 time steps of 28 features."""
    return images.astype("float32") / 255.0
