"""Large model support: tensors of a TensorFlow 1 graph wait in host memory between two uses far apart.

``plan``     which tensors leave the device, and when they come back; reads a graph and changes nothing
``rewrite``  carries a plan out: swap-out and swap-in nodes between producer and consumers
``support``  LargeModelSupport: the plan's parameters, as Keras callback, session hook and function
``trace``    which nodes one training step executes: the only honest measure of a rewrite

Written from the published description (https://arxiv.org/abs/1807.02037), not from anybody's code; it is here to
be saved and loaded, not to be fast. docs/large_model_support.md says what it is for and what was found.
"""

PREFIX = "lms/"
SWAPOUT, SWAPIN = PREFIX + "swapout_", PREFIX + "swapin_"


class LMSError(ValueError):
    """What is wrong with a rewrite that was asked for."""


class NothingToSwap(LMSError):
    """No tensor of the graph meets the parameters."""


class GraphAlreadyRun(LMSError):
    """A session has run the graph: what it has run cannot be changed any more."""


class UnknownScope(LMSError):
    """A scope that no op of the graph is in."""
