"""What a member gets as its first argument: where a step runs, with what model and data."""

from roundtrip import members, modifiers, runtime, training
from roundtrip.engines import engine


class Context(object):
    """One step: where it runs, with what model and data. Members get this as their first argument.

    Attributes
    ----------
    rt : roundtrip.runtime.Runtime
    keras, tf : modules
    module : the model's member
    data : roundtrip.training.Data
    before, after : int, epochs
    seed : int
    out : str, the step's folder
    """

    def __init__(self, args):
        self.rt = runtime.open_runtime(api_of(args), args.module)
        self.engine = engine(self.rt.api)
        self.engine.start(self.rt)
        self.keras, self.tf = self.rt.keras, self.rt.tf
        self.module = members.member("models", args.model)
        self.modifier = members.member("modifiers", args.modifier)
        self.before, self.after, self.seed, self.out = args.before, args.after, args.seed, args.out
        modifiers.start(self, self.modifier)
        self.data = training.Data(args.data, self.module)
        self.rt.seed(self.seed)  # op determinism refuses random ops without a seed
        trains = getattr(args, "loader", None) is None
        self.callbacks = self.modifier.callbacks(self) if trains and hasattr(self.modifier, "callbacks") else []

    def build(self):
        """The model from its code: built, randomised from this step's seed, compiled, modified."""
        return modifiers.build(self, self.modifier, self.build_plain)

    def build_plain(self):
        """The same without the modifier."""
        return self.engine.build(self.rt, self.module, self.data, self.seed)

    def build_other(self, name):
        """Another model on the same data, e.g. this one's twin."""
        return self.engine.build(self.rt, members.member("models", name), self.data, self.seed)

    def fit(self, model, initial_epoch, epochs, callbacks=()):
        """Fit on the train data in fixed order; {"names": logs' names, "values": float64 (batches, names)}.

        The modifier's callbacks belong to the first fit of a model from code. Of a loaded one they do not: what
        is done to it, and when, is its loader's.
        """
        first, self.callbacks = self.callbacks, []
        return self.engine.fit(self.rt, model, self.data, initial_epoch, epochs, first + list(callbacks))

    def prepare(self, model):
        """What fit does before its first step, where an engine can tell."""
        if hasattr(self.engine, "prepare"):
            self.engine.prepare(self.rt, model)

    def predict(self, model):
        """The outputs for the test inputs: (container structure, list of arrays)."""
        return self.engine.predict(self.rt, model, self.data)

    def evaluate(self, model):
        """{metric name: value} on the test data."""
        return self.engine.evaluate(self.rt, model, self.data)

    def capture(self, model):
        """Every variable: [{"name", "role", "value"}]."""
        return self.engine.capture(self.rt, model)

    def describe(self, model):
        """{"architecture", "compile_config", "optimizer_config"} as plain JSON."""
        return self.engine.describe(self.rt, model)

    def custom_objects(self):
        """{name: class or function} that the model's code defines; registered ones register themselves."""
        return self.module.custom_objects(self.rt) if hasattr(self.module, "custom_objects") else {}


def api_of(args):
    """The api of ``--runtime``: keras3, keras2, keras2_graph or tf1."""
    return args.runtime.rpartition("-")[2]
