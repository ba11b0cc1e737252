"""Keras 2 in TensorFlow 1's way: a graph that is built first, and a session that runs it.

Nothing here runs the session before training does: large model support can change only what no session has
run yet (docs/large_model_support.md), so a harness that ran it would decide the result.
"""

from roundtrip import layer_names, session_model, state, training
from roundtrip.engines.keras import KerasEngine
from roundtrip.lms.trace import make_train_function


class Engine(KerasEngine):
    def start(self):
        """Turn eager execution off, and take from Keras what goes with a graph.

        Keras 2.11 replaced its optimizers by eager ones, and moved those before to ``optimizers.legacy``:
        https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/optimizers/legacy/Adam
        The session is in the backend of version 1 alone:
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
        """Make a value the variable's initial one; it gets it when the session initialises its variables.

        Assigning it would run the session.
        """
        with variable.graph.as_default(), self.rt.tf.control_dependencies(None):
            variable._initializer_op = self.rt.v1.assign(variable, self.rt.tf.constant(value)).op

    def prepare(self, model):
        """Make the train function, and with it the optimizer's variables.

        Nothing happens where stock load_model has made it. In TensorFlow 1.13 that is another one than fit's, with
        slots of its own:
        https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/engine/training.py
        """
        if getattr(model, "optimizer", None) is not None:
            make_train_function(model)

    def capture(self, model):
        """The variables' values in Keras' session, which initialises what is not initialised yet."""
        return layer_names.named(model, state.capture(self.rt, model, self.rt.keras.backend.batch_get_value))


def config_of_1_13(v1):
    """One thread, for which no environment variable is looked at (runtime.open_runtime), and no optimisers.

    Those do not know the mark that keeps large model support's nodes in (roundtrip.lms.rewrite), and a graph
    must be run alike with and without these nodes.
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
