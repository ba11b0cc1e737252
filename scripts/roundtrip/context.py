"""The context of a step: runtime, model and data. Members get it as their first argument."""

from roundtrip import members, modifiers, runtime, training
from roundtrip.engines import engine
from roundtrip.record import read_json
from roundtrip.subject import Subject, beginning


def api_of(args):
    """The api of ``--runtime``: keras3, keras2, keras2_graph or tf1."""
    return args.runtime.rpartition("-")[2]


class Context(object):
    """The runtime, the model and the data of one step. Members get it as their first argument.

    Attributes
    ----------
    rt : roundtrip.runtime.Runtime
    keras, tf : modules
    module : the model's member, or a roundtrip.subject.Subject
    data : roundtrip.training.Data; of a user's model roundtrip.subject.arrays.Prepared, once the step has begun
    before, after : int, epochs
    seed : int
    out : str, the step's folder
    """

    def __init__(self, args):
        self.rt = runtime.open_runtime(api_of(args), args.module)
        self.engine = engine(self.rt)
        self.engine.start()
        self.keras, self.tf = self.rt.keras, self.rt.tf
        self.of_user, self.lacks = bool(args.subject), {}
        if self.of_user:
            self.module, self.data = Subject(read_json(args.subject), self.rt, args.module), None
        else:
            self.module = members.member("models", args.model)
            self.data = training.Data(args.data, self.module)
        self.modifier = members.member("modifiers", args.modifier)
        self.before, self.after, self.seed, self.out = args.before, args.after, args.seed, args.out
        modifiers.start(self, self.modifier)
        self.rt.seed(self.seed)  # op determinism refuses random ops without a seed
        trains = getattr(args, "loader", None) is None
        self.callbacks = self.modifier.callbacks(self) if trains and hasattr(self.modifier, "callbacks") else []

    def begin(self, record, at, reference=None):
        """Import a user's code and prepare its data; a member has both. ``reference``: of the step that trained."""
        if not self.of_user:
            return
        at["stage"] = "code"
        if reference:
            beginning.later(self, record, reference)
        else:
            beginning.first(self, record)

    def build(self):
        """Build the model from its code, randomise it from this step's seed, compile and modify it."""
        return modifiers.build(self, self.modifier, self.build_plain)

    def build_plain(self):
        """Like build, but without the modifier."""
        return self.engine.build(self.module, self.data, self.seed)

    def build_other(self, name):
        """Build another model on the same data, e.g. this model's twin."""
        return self.engine.build(members.member("models", name), self.data, self.seed)

    def fit(self, model, initial_epoch, epochs, callbacks=()):
        """Fit on the train data in fixed order; {"names": logs' names, "values": float64 (batches, names)}.

        The modifier's callbacks run in the first fit of a model built from code. They do not run for a loaded model:
        its loader decides how and when to modify it.
        """
        first, self.callbacks = self.callbacks, []
        return self.engine.fit(model, self.data, initial_epoch, epochs, first + list(callbacks))

    def prepare(self, model):
        """Do what fit does before its first step."""
        self.engine.prepare(model)

    def predict(self, model):
        """The outputs for the test inputs: (container structure, list of arrays)."""
        if "no_predictions" in self.lacks:
            return [], []
        return self.engine.predict(model, self.data)

    def evaluate(self, model):
        """{metric name: value} on the test data; none of a user's model that cannot be evaluated."""
        if "no_evaluation" in self.lacks:
            return {}
        return self.engine.evaluate(model, self.data)

    def capture(self, model):
        """Every variable: [{"name", "role", "value"}]."""
        return self.engine.capture(model)

    def describe(self, model):
        """{"architecture", "compile_config", "optimizer_config"} as plain JSON."""
        return self.engine.describe(model)

    def custom_objects(self):
        """{name: class or function} that the model's code defines; the code registers the registered ones."""
        return self.module.custom_objects(self.rt) if hasattr(self.module, "custom_objects") else {}
