"""Rematerialization: the code builds the model in ``keras.RematScope``; the backward pass recomputes activations.

The scope affects how layers are made, and is not in their configs:
https://github.com/keras-team/keras/blob/master/keras/src/backend/common/remat.py
The scope gets the names of the layers with weights whose call takes no ``training`` argument. On TensorFlow, the
other layers raise an error: https://github.com/keras-team/keras/issues/21207.
"""

from roundtrip import training

TITLE = "rematerialization, RematScope"
APIS = {"keras3": ">=3.9"}
TRAITS = ("rewrites",)
REJECTS = {"subclassed": "the names of its layers are not known before it is made"}
_COSTLY = ("MatMul", "Conv2D", "BatchMatMulV2", "Einsum")


def building(ctx):
    layers = [layer for layer in ctx.build_plain().layers if layer.weights and not layer._call_has_training_arg]
    names = [layer.name for layer in layers]
    return ctx.keras.RematScope(mode="list_of_layers", layer_names=names)


def look(ctx, model):
    """Count the costly ops that a training step has in addition to those of the same model without the scope."""
    found = count(ctx, model) - count(ctx, ctx.build_plain())
    return {"added": found, "executed": found, "unit": "recomputing ops in the graph of a step"}


def count(ctx, model):
    """The costly ops in the graph of ``train_step`` and in the functions that it calls; runs one training step."""
    inputs, targets = (training.first(part, training.BATCH_SIZE) for part in ctx.data.train)
    model.fit(inputs, targets, batch_size=training.BATCH_SIZE, epochs=1, shuffle=False, verbose=0)
    step = ctx.tf.function(lambda x, y: model.train_step((x, y)))
    graph = step.get_concrete_function(*ctx.tf.nest.map_structure(ctx.tf.constant, (inputs, targets))).graph
    graph = graph.as_graph_def()
    nodes = list(graph.node) + [node for function in graph.library.function for node in function.node_def]
    return sum(node.op in _COSTLY for node in nodes)
