"""LargeModelSupport: the rewrite as a function, as a Keras callback and as a session hook."""

import gc

from roundtrip.lms import GraphAlreadyRun, plan, rewrite, trace


class LargeModelSupport(object):
    """Rewrites a graph once.

    ``run(graph)`` rewrites a graph directly; ``callback(keras)`` is for ``fit`` and for loaders that call
    ``set_model``; ``hook()`` is for estimators and monitored sessions. ``facts`` describes the rewrite; it is None
    before the rewrite.

    Parameters
    ----------
    tf : module
    when_run : str
        ``"raise"``: raise GraphAlreadyRun if a session already holds the graph, because a rewrite does not affect
        the part that it has run. ``"try"``: rewrite the graph anyway, as TFLMS does.
    **parameters
        The parameters of plan.Parameters; ``device`` and ``protect`` are arguments of rewrite.apply.
    """

    def __init__(self, tf, when_run="raise", device="/cpu:0", protect=True, **parameters):
        self.v1 = tf.compat.v1 if hasattr(getattr(tf, "compat", None), "v1") else tf
        self.when_run, self.device, self.protect = when_run, device, protect
        self.parameters = plan.Parameters(**parameters)
        self.facts = None

    def run(self, graph=None):
        """Rewrite the graph (None: the default graph) in the first call; returns the facts."""
        if self.facts is None:
            graph = graph or self.v1.get_default_graph()
            if self.when_run == "raise" and sessions(self.v1, graph):
                raise GraphAlreadyRun(
                    "a session already holds this graph, and a rewrite does not affect what it has run: rewrite the"
                    " graph before the session is created (for load_model: before it sets the weights)"
                )
            swaps = plan.make(graph, self.parameters)
            added = rewrite.apply(self.v1, graph, swaps, self.parameters, self.device, self.protect)
            self.facts = {"added": len(added), "tensors": len(swaps), "bytes": sum(s.bytes for s in swaps)}
        return self.facts

    def plan(self, graph=None):
        """The plan as a list of plan.Swap; the graph does not change."""
        return plan.make(graph or self.v1.get_default_graph(), self.parameters)

    def callback(self, keras):
        """A callback whose ``set_model`` makes the training graph and rewrites it."""
        support = self

        class Rewrite(keras.callbacks.Callback):
            def set_model(self, model):
                super(Rewrite, self).set_model(model)
                if support.facts is None:
                    support.run(complete(model))

        return Rewrite()

    def hook(self):
        """A hook that rewrites the default graph before the session is created."""
        support = self

        class RewriteHook(self.v1.train.SessionRunHook):
            def begin(self):
                support.run()

        return RewriteHook()


def complete(model):
    """Make the train function, whose gradients are the far consumers; returns the graph.

    No op runs. Fit makes the function before it calls set_model, but a loader that calls set_model does not.
    """
    trace.make_train_function(model)
    return model.outputs[0].graph


def sessions(v1, graph):
    """The open sessions that hold the graph.

    TensorFlow does not report whether a session has run the graph, so every open session counts.
    """
    base = v1.Session.__mro__[1]
    found = [s for s in gc.get_objects() if issubclass(type(s), base)]
    return [s for s in found if s.graph is graph and not s._closed]
