"""Which nodes one training step of a Keras model in graph mode executes.

Nodes in a graph are not always executed: a session that has run the graph may ignore later changes, and graph
optimisers remove identities. The RunMetadata of a step with a full trace lists the executed nodes:
https://www.tensorflow.org/api_docs/python/tf/compat/v1/RunMetadata
"""

from roundtrip import training
from roundtrip.lms import PREFIX


def training_step(rt, model, data):
    """Fit the first batch once more with a full trace; returns the names of all executed nodes.

    The step uses Keras' own train function in Keras' own session. Only the run options differ.
    """
    v1 = rt.v1
    function = make_train_function(model)
    kept = function.run_options, function.run_metadata
    function.run_options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    function.run_metadata = metadata = v1.RunMetadata()
    function._callable_fn = None  # it was made for the previous options
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
    """Make the function that fit calls, if it does not exist; TensorFlow 1.13 has another one for train_on_batch."""
    if hasattr(model, "_make_fit_function"):
        model._make_fit_function()
        return model._fit_function
    model._make_train_function()
    return model.train_function


def executed(metadata):
    """The names of the nodes in a RunMetadata, once each, sorted."""
    return sorted({node.node_name for device in metadata.step_stats.dev_stats for node in device.node_stats})


def swaps(names, added):
    """The executed nodes in ``names`` that are in ``added``, the nodes that large model support added.

    The suffix that an executor appends (``:Identity``) is removed. Constants that grappler made from a swap node, and
    sends and receives between devices with a similar name, do not count.
    """
    return sorted({name.split(":")[0] for name in names} & set(added))


def added(graph):
    """The names of the nodes that large model support added to a graph."""
    return [op.name for op in graph.get_operations() if op.name.startswith(PREFIX)]
