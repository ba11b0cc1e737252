"""What the graph of Keras 3's train function holds, ops of the functions that it calls included."""

from roundtrip import training


def nodes(ctx, model):
    """The NodeDefs of the train function and of all functions that it calls, after one more step of training."""
    inputs, targets = (training.first(part, training.BATCH_SIZE) for part in ctx.data.train)
    model.fit(inputs, targets, batch_size=training.BATCH_SIZE, epochs=1, shuffle=False, verbose=0)
    batches = ctx.tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(training.BATCH_SIZE)
    graph = model.train_function.get_concrete_function(iter(batches)).graph.as_graph_def()
    return list(graph.node) + [node for function in graph.library.function for node in function.node_def]
