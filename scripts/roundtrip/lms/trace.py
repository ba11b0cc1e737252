"""Which nodes one training step of a Keras model in graph mode executes.

Nodes in a graph prove nothing: a session that has run the graph goes on with what it had, and optimisers prune
nodes that compute nothing. RunMetadata of a step that is fully traced lists what was executed:
https://www.tensorflow.org/api_docs/python/tf/compat/v1/RunMetadata
"""

from roundtrip import training
from roundtrip.lms import PREFIX


def training_step(rt, model, data):
    """Fit the first batch once more, fully traced; the names of all nodes that were executed.

    It is Keras' own train function, in Keras' own session, and only the options are new.
    """
    v1 = rt.v1
    function = make_train_function(model)
    kept = function.run_options, function.run_metadata
    function.run_options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    function.run_metadata = metadata = v1.RunMetadata()
    function._callable_fn = None  # made for the options that held before
    try:
        inputs, targets = (training.first(part, training.BATCH_SIZE) for part in data.train)
        model.fit(inputs, targets, batch_size=training.BATCH_SIZE, epochs=1, shuffle=False, verbose=0)
    finally:
        function.run_options, function.run_metadata = kept
        function._callable_fn = None
    names = executed(metadata)
    if not names:
        raise RuntimeError("the traced step executed nothing: fit has made another train function")
    return names


def make_train_function(model):
    """Make the function that fit calls, if it is not there yet; TensorFlow 1.13 has another for train_on_batch."""
    if hasattr(model, "_make_fit_function"):
        model._make_fit_function()
        return model._fit_function
    model._make_train_function()
    return model.train_function


def executed(metadata):
    """The names of the nodes in a RunMetadata, once each, sorted."""
    return sorted({node.node_name for device in metadata.step_stats.dev_stats for node in device.node_stats})


def swaps(names, added):
    """Those among names of executed nodes that are in ``added``: the nodes that large model support added.

    What an executor appends (``:Identity``) is dropped. A node that grappler folded into a constant, and the
    sends and receives between devices that bear a swap's name, are other nodes.
    """
    return sorted({name.split(":")[0] for name in names} & set(added))


def added(graph):
    """The names of the nodes that large model support added to a graph."""
    return [op.name for op in graph.get_operations() if op.name.startswith(PREFIX)]
