"""LargeModelSupport: one rewrite, as a function on a graph, as a Keras callback and as a session hook."""

import gc

from roundtrip.lms import GraphAlreadyRun, plan, rewrite, trace


class LargeModelSupport(object):
    """Rewrites a graph once.

    ``run(graph)`` by hand; ``callback(keras)`` for ``fit`` and for loaders that call ``set_model``; ``hook()``
    for estimators and monitored sessions. ``facts`` says what was done, None before.

    Parameters
    ----------
    tf : module
    when_run : str
        ``"raise"`` GraphAlreadyRun where a session holds the graph already, since what it has run cannot be
        changed any more; ``"try"`` changes what can be changed, as TFLMS does.
    **parameters
        Those of plan.Parameters; ``device`` and ``protect`` are rewrite.apply's.
    """

    def __init__(self, tf, when_run="raise", device="/cpu:0", protect=True, **parameters):
        self.v1 = tf.compat.v1 if hasattr(getattr(tf, "compat", None), "v1") else tf
        self.when_run, self.device, self.protect = when_run, device, protect
        self.parameters = plan.Parameters(**parameters)
        self.facts = None

    def run(self, graph=None):
        """Rewrite the graph (the default one if None), the first time that this is called; the facts."""
        if self.facts is None:
            graph = graph or self.v1.get_default_graph()
            if self.when_run == "raise" and sessions(self.v1, graph):
                raise GraphAlreadyRun(
                    "a session holds this graph already; what it has run cannot be changed: rewrite before the"
                    " session is made (for load_model, before it sets weights)"
                )
            swaps = plan.make(graph, self.parameters)
            added = rewrite.apply(self.v1, graph, swaps, self.parameters, self.device, self.protect)
            self.facts = {"added": len(added), "tensors": len(swaps), "bytes": sum(s.bytes for s in swaps)}
        return self.facts

    def plan(self, graph=None):
        """The plan, the graph unchanged: a list of plan.Swap."""
        return plan.make(graph or self.v1.get_default_graph(), self.parameters)

    def callback(self, keras):
        """A callback whose ``set_model`` completes the training graph and rewrites it."""
        support = self

        class Rewrite(keras.callbacks.Callback):
            def set_model(self, model):
                super(Rewrite, self).set_model(model)
                if support.facts is None:
                    support.run(complete(model))

        return Rewrite()

    def hook(self):
        """A hook that rewrites the default graph before the session is made."""
        support = self

        class RewriteHook(self.v1.train.SessionRunHook):
            def begin(self):
                support.run()

        return RewriteHook()


def complete(model):
    """Make the train function, whose gradients are the far consumers; the graph.

    Nothing runs. Fit makes it before it calls set_model; a loader that calls set_model has not yet.
    """
    trace.make_train_function(model)
    return model.outputs[0].graph


def sessions(v1, graph):
    """The open sessions that hold the graph.

    TensorFlow does not tell whether a session has run; it must not have, and one that exists is about to.
    """
    base = v1.Session.__mro__[1]
    found = [s for s in gc.get_objects() if issubclass(type(s), base)]
    return [s for s in found if s.graph is graph and not s._closed]
