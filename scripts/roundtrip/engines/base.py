"""What an engine is: the methods that a step calls."""


class Engine(object):
    """How one api builds, trains, asks and looks at a model.

    Parameters
    ----------
    rt : roundtrip.runtime.Runtime
    """

    def __init__(self, rt):
        self.rt = rt

    def start(self):
        """Set what must be set before the first op."""
        raise NotImplementedError

    def build(self, module, data, seed):
        """The model from its code (``module``, a member), its weights drawn from the seed, ready to train."""
        raise NotImplementedError

    def prepare(self, model):
        """Do what fit does before its first step, where that makes variables; by default nothing."""

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
