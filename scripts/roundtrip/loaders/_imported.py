"""An imported graph in its own session, used through the tensor names in the user's code."""

import numpy as np

from roundtrip import training
from roundtrip.lms import trace


class Imported(object):
    """A graph and its session.

    Parameters
    ----------
    ctx : roundtrip.context.Context
    fill : callable
        ``fill(session, graph)`` imports the artifact into the empty graph.
    """

    def __init__(self, ctx, fill):
        self.v1, self.data, self.names = ctx.rt.v1, ctx.data, names(ctx)
        self.graph = self.v1.Graph()
        with self.graph.as_default():
            self.session = self.v1.Session(graph=self.graph)
            fill(self.session, self.graph)

    def predict(self, inputs):
        outputs = self.session.run(self.names["outputs"], self.feed(inputs))
        return outputs if len(outputs) > 1 else outputs[0]

    def feed(self, inputs):
        return dict(zip(self.names["inputs"], leaves(inputs)))

    def look(self):
        """Count the swap nodes in the graph and those that are executed, by a training step or else by a prediction."""
        added = trace.added(self.graph)
        inputs, targets = (training.first(part, training.BATCH_SIZE) for part in self.data.train)
        if self.names["train"] in {op.name for op in self.graph.get_operations()}:
            fetches, feed = [self.names["train"]], self.feed_training(inputs, targets)
        else:
            fetches, feed = self.names["outputs"], self.feed(inputs)
        options = self.v1.RunOptions(trace_level=self.v1.RunOptions.FULL_TRACE)
        metadata = self.v1.RunMetadata()
        self.session.run(fetches, feed, options=options, run_metadata=metadata)
        executed = trace.swaps(trace.executed(metadata), added)
        return {"added": len(added), "executed": len(executed), "unit": "swap nodes"}

    def feed_training(self, inputs, targets):
        """The feed of a training step: inputs, targets (as columns), sample weights of one, the learning phase."""
        arrays = leaves(inputs) + [y if y.ndim > 1 else y[:, np.newaxis] for y in leaves(targets)]
        rest = self.names["feeds"][len(arrays) :]
        weights = np.ones(len(arrays[0]), np.float32)
        boolean = [self.graph.get_tensor_by_name(name).dtype.is_bool for name in rest]
        return dict(zip(self.names["feeds"], arrays + [True if b else weights for b in boolean]))


def leaves(structure):
    return training.flatten(structure)[1]


def names(ctx):
    """The names of the tensors and the training op of a model that is built from code in an empty graph."""
    with ctx.rt.v1.Graph().as_default():
        ctx.rt.seed(ctx.seed)
        model = ctx.build()
        function = trace.make_train_function(model)
        return {
            "inputs": [t.name for t in model.inputs],
            "outputs": [t.name for t in model.outputs],
            "feeds": [t.name for t in function.inputs],
            "train": function.updates_op.name,
        }
