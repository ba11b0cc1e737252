"""Large model support: tensors of a TensorFlow 1 graph wait in host memory between two distant uses.

``plan``     selects the tensors to swap out, and when to swap them in; does not change the graph
``rewrite``  applies a plan: adds swap-out and swap-in nodes between producers and consumers
``support``  LargeModelSupport: the rewrite as a Keras callback, a session hook and a function
``trace``    lists the nodes that one training step executes: only this shows whether a rewrite works

The implementation follows the published description (https://arxiv.org/abs/1807.02037) and uses no other code. Its
purpose is to test saving and loading, not to be fast. docs/large_model_support.md has its use and the results.
"""

PREFIX = "lms/"
SWAPOUT, SWAPIN = PREFIX + "swapout_", PREFIX + "swapin_"


class LMSError(ValueError):
    """A rewrite is not possible; the message gives the reason."""


class NothingToSwap(LMSError):
    """No tensor of the graph meets the parameters."""


class GraphAlreadyRun(LMSError):
    """A session has run the graph, and the rewrite would have no effect on the part that it has run."""


class UnknownScope(LMSError):
    """No op of the graph is in a given scope."""
