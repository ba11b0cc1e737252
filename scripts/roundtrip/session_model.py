"""A TensorFlow 1 model: a graph, a session, and the names of its tensors.

The names (``NAMES`` of the model's member) are all that user code needs besides an artifact: after the import of a
graph, ``graph.get_tensor_by_name`` finds the tensors.
"""

import numpy as np

#: the types of ops that hold a variable
HOLDERS = ("VariableV2", "Variable", "VarHandleOp")


class SessionModel(object):
    """A graph with its session.

    Parameters
    ----------
    rt : roundtrip.runtime.Runtime
    names : dict
        ``inputs``, ``outputs``, ``targets``, ``loss``: tensor names; ``train``: the training op's name;
        ``metrics``: {name: tensor name}.
    graph : tf.Graph or None
        None makes a new graph. Ops that are added to the graph later are a part of the model too.
    prefix : str
        The prefix of every name, if the graph was imported under one: ``"prefix/"``.
    """

    def __init__(self, rt, names, graph=None, prefix=""):
        self.v1, self.names, self.prefix = rt.v1, names, prefix
        self.graph = rt.v1.Graph() if graph is None else graph
        self.session = rt.v1.Session(graph=self.graph, config=config(rt.v1))

    def tensor(self, key):
        """The tensor that ``NAMES`` lists as ``inputs``, ``outputs``, ``targets`` or ``loss``."""
        return self.graph.get_tensor_by_name(self.prefix + self.names[key])

    def op(self, key):
        return self.graph.get_operation_by_name(self.prefix + self.names[key])

    def has(self, key):
        """Whether the graph contains it; a frozen graph has no loss, for example."""
        try:
            self.graph.get_operation_by_name(self.prefix + self.names[key].split(":")[0])
        except KeyError:
            return False
        return True

    def measures(self):
        """{"loss": tensor, metric name: tensor}."""
        named = {name: self.graph.get_tensor_by_name(self.prefix + t) for name, t in self.names["metrics"].items()}
        return dict(named, loss=self.tensor("loss"))

    def feed(self, inputs, targets=None):
        found = {self.tensor("inputs"): inputs}
        if targets is not None:
            found[self.tensor("targets")] = targets
        return found

    def variables(self):
        """The global variables in the order in which they were created."""
        return self.graph.get_collection(self.v1.GraphKeys.GLOBAL_VARIABLES)

    def trainable_variables(self):
        return self.graph.get_collection(self.v1.GraphKeys.TRAINABLE_VARIABLES)

    def initialize(self, variables=None):
        """Run the initializers of all variables or of the given ones."""
        with self.graph.as_default():
            self.session.run(self.v1.variables_initializer(self.variables() if variables is None else variables))

    def uninitialized(self):
        """The names of the variables without a value, sorted."""
        with self.graph.as_default():
            found = self.session.run(self.v1.report_uninitialized_variables(self.variables()))
        return sorted(name.decode("utf-8") for name in found.tolist())

    def assign(self, variable, value):
        """Set a variable by feeding its initializer; this adds no op to the graph."""
        self.session.run(variable.initializer, {variable.initializer.inputs[1]: np.asarray(value)})

    def frozen(self):
        """The constants that replace variables in a frozen graph: ``<name>/read`` reads them."""
        ops = {op.name: op for op in self.graph.get_operations()}
        return [op for op in ops.values() if op.type == "Const" and is_read(op.name, ops)]


def variables_in(graph):
    """The names of a graph's ops that hold a variable; empty for a frozen graph."""
    return [op.name for op in graph.get_operations() if op.type in HOLDERS]


def is_read(name, ops):
    """Whether the graph has an identity ``<name>/read``, with which TensorFlow 1 reads a variable."""
    reader = ops.get(name + "/read")
    return reader is not None and reader.type == "Identity"


def config(v1):
    """One thread, for a fixed order of additions; soft placement allows devices that the machine lacks."""
    threads = {"intra_op_parallelism_threads": 1, "inter_op_parallelism_threads": 1}
    return v1.ConfigProto(device_count={"GPU": 0}, allow_soft_placement=True, **threads)
