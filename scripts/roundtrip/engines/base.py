"""The base class of the engines: the methods that a step calls."""


class Engine(object):
    """Builds, trains, runs and describes models in one api.

    Parameters
    ----------
    rt : roundtrip.runtime.Runtime
    """

    def __init__(self, rt):
        self.rt = rt

    def start(self):
        """Set the options that must be set before the first op."""
        raise NotImplementedError

    def build(self, module, data, seed):
        """Build a model from its code (``module``, a member), with random weights from the seed, ready to train."""
        raise NotImplementedError

    def prepare(self, model):
        """Create the variables that fit creates before its first step; by default there are none."""

    def fit(self, model, data, initial_epoch, epochs, callbacks=()):
        """Train; {"names": names of the logs, "values": float64 (batches, names)}."""
        raise NotImplementedError

    def predict(self, model, data):
        """The outputs for the test inputs: (container structure, list of arrays)."""
        raise NotImplementedError

    def evaluate(self, model, data):
        """{name: float} on the test data."""
        raise NotImplementedError

    def capture(self, model):
        """[{"name", "role", "value"}] of every variable; the roles are those of roundtrip.state."""
        raise NotImplementedError

    def describe(self, model):
        """{"architecture", "compile_config", "optimizer_config"} as plain JSON."""
        raise NotImplementedError
