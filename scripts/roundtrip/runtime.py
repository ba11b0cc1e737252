"""A runtime: one programming interface (api) opened inside one environment."""

import importlib
import os
import random


class Runtime(object):
    """The api and the modules with which a step runs.

    Attributes
    ----------
    api : str
        ``keras3``, ``keras2``, ``keras2_graph`` or ``tf1``.
    keras : module
        The Keras of this api: ``keras``, ``tf_keras`` or ``tensorflow.keras``.
    tf : module
        TensorFlow.
    v1 : module
        TensorFlow 1's interface, in any version of TensorFlow.
    version : tuple of int
        The version of ``keras``, or of TensorFlow if Keras is a part of it, e.g. ``(3, 15, 1)``.
    """

    def __init__(self, api, module):
        self.api = api
        self.tf = importlib.import_module("tensorflow")
        self.v1 = v1_of(self.tf)
        self.keras = importlib.import_module(module)
        # the Keras in TensorFlow has the version 2.2.4-tf both in TensorFlow 1.14 and in 2.4
        part = module.startswith("tensorflow")
        self.version = version_tuple((self.tf if part else self.keras).__version__)

    def seed(self, seed):
        """Seed Python, NumPy and TensorFlow (with ``keras.utils.set_random_seed`` if it exists)."""
        utils = getattr(self.keras, "utils", None)
        if hasattr(utils, "set_random_seed"):
            utils.set_random_seed(seed)
            if not self.tf.executing_eagerly():  # the graph has its own seed
                self.v1.set_random_seed(seed)
            return
        import numpy

        random.seed(seed)
        numpy.random.seed(seed)
        self.v1.set_random_seed(seed)

    def register(self, name=None, package="roundtrip"):
        """The api's ``register_keras_serializable`` decorator."""
        saving = getattr(self.keras, "saving", None)
        if not hasattr(saving, "register_keras_serializable"):
            saving = self.keras.utils
        return saving.register_keras_serializable(package=package, name=name)


def v1_of(tf):
    """TensorFlow 1's interface, in any version of TensorFlow."""
    return getattr(getattr(tf, "compat", tf), "v1", tf)


def open_runtime(api, module, deterministic=True):
    """Import the api's modules and, unless told otherwise, make TensorFlow deterministic; run no op.

    Op determinism: https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
    """
    rt = Runtime(api, module)
    if not deterministic:
        return rt
    experimental = getattr(getattr(rt.tf, "config", None), "experimental", None)
    if hasattr(experimental, "enable_op_determinism"):
        experimental.enable_op_determinism()
    else:  # TensorFlow before 2.8 reads them when it runs its first op; with several threads, two ops can race
        os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    return rt


def try_import(*names):
    """Import modules before messages are captured. A failed import fails again, and is reported, when it is needed.

    The messages of an import do not depend on the cell. A warm interpreter (docs/warm.md) has already imported the
    modules, and its steps must have the same diagnostics as other steps.
    """
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            return


def version_tuple(text):
    """``'3.15.1'`` -> ``(3, 15, 1)``; a suffix such as ``rc0`` is dropped."""
    numbers = []
    for part in text.split(".")[:3]:
        digits = ""
        for letter in part:
            if not letter.isdigit():
                break
            digits += letter
        numbers.append(int(digits or 0))
    return tuple(numbers)
