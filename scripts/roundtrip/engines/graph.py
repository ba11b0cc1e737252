"""Keras 2 in graph mode: a graph is built first, and a session runs it.

The engine does not run the session before training. Large model support can only change a graph that no session has
run (docs/large_model_support.md), so an earlier run by the engine would decide the result.
"""

from roundtrip import layer_names, session_model, state, training
from roundtrip.engines.keras import KerasEngine
from roundtrip.lms.trace import make_train_function


class Engine(KerasEngine):
    def start(self):
        """Disable eager execution, and select the parts of Keras that work with a graph.

        Keras 2.11 replaced its optimizers by eager ones, and moved the older ones to ``optimizers.legacy``:
        https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/optimizers/legacy/Adam
        Only the backend of version 1 has the session:
        https://www.tensorflow.org/api_docs/python/tf/compat/v1/keras/backend/get_session
        """
        rt = self.rt
        if hasattr(rt.v1, "disable_eager_execution"):
            rt.v1.disable_eager_execution()
        replaced = {}
        if hasattr(rt.keras.optimizers, "legacy"):
            replaced["optimizers"] = Over(rt.keras.optimizers, **public(rt.keras.optimizers.legacy))
        replaced["backend"] = Over(rt.keras.backend, get_session=rt.v1.keras.backend.get_session)
        rt.keras = Over(rt.keras, **replaced)
        if rt.version < (1, 14):
            rt.keras.backend.set_session(rt.v1.Session(config=config_of_1_13(rt.v1)))

    def build(self, module, data, seed):
        return training.build(self.rt, module, data, seed, self.initialise)

    def initialise(self, variable, value):
        """Set a variable's initial value, which the session assigns when it initialises the variables.

        An assignment would run the session.
        """
        with variable.graph.as_default(), self.rt.tf.control_dependencies(None):
            variable._initializer_op = self.rt.v1.assign(variable, self.rt.tf.constant(value)).op

    def prepare(self, model):
        """Make the train function, which creates the optimizer's variables.

        If TensorFlow's own load_model has made the function, nothing happens. In TensorFlow 1.13 that function is not
        the one of fit, and has its own slots:
        https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/engine/training.py
        """
        if getattr(model, "optimizer", None) is not None:
            make_train_function(model)

    def capture(self, model):
        """The values of the variables in Keras' session, which first initialises the uninitialised ones."""
        return layer_names.named(model, state.capture(self.rt, model, self.rt.keras.backend.batch_get_value))


def config_of_1_13(v1):
    """One thread, because 1.13 ignores the environment variables of runtime.open_runtime, and no graph optimisers.

    The optimisers of 1.13 ignore the mark that protects the nodes of large model support (roundtrip.lms.rewrite). A
    graph must run in the same way with and without these nodes.
    """
    config = session_model.config(v1)
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config


class Over(object):
    """A module with some of its attributes replaced."""

    def __init__(self, module, **attributes):
        self.__dict__.update(attributes)
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)


def public(module):
    return {name: value for name, value in vars(module).items() if not name.startswith("_") and callable(value)}
