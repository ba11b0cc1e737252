"""One of the two processes of a reproduction: what it imports, which variables it sets, how it is seeded."""

import dataclasses

from roundtrip.runtime import version_tuple

#: one thread, as in the steps: with several, additions change their order, and in older versions ops can race
EVERYWHERE = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
#: before TensorFlow 2.8 there is no enable_op_determinism
BEFORE_2_8 = {"TF_DETERMINISTIC_OPS": "1"}


@dataclasses.dataclass(frozen=True)
class Side:
    """A runtime, as a reproduction sees it.

    Parameters
    ----------
    api : str
    environment : dict
        The environment's environment.json.
    deterministic : bool
        Whether op determinism is on.
    """

    api: str
    environment: dict
    deterministic: bool = True

    @property
    def _api(self):
        return self.environment["apis"][self.api]

    @property
    def module(self):
        return self._api["module"]

    @property
    def tensorflow(self):
        return version_tuple(self.environment["tensorflow"])

    @property
    def version(self):
        """The version of Keras, or of TensorFlow where Keras is a part of it: ``rt.version``."""
        return version_tuple(self._api["version"])

    @property
    def graph(self):
        return self.api in ("keras2_graph", "tf1")

    @property
    def variables(self):
        older = {} if self.tensorflow >= (2, 8) else BEFORE_2_8
        return {**EVERYWHERE, **older, **self._api["variables"]}

    @property
    def import_keras(self):
        if self.api == "tf1":
            return ""
        package, _, name = self.module.rpartition(".")
        return (
            f"from {package} import {name}"
            if package
            else {"keras": "import keras"}.get(name, f"import {name} as keras")
        )

    @property
    def v1(self):
        return "tf.compat.v1" if self.tensorflow >= (1, 13) else "tf"

    @property
    def start(self):
        """The lines that must run before the first op."""
        lines = []
        if self.tensorflow >= (2, 8) and self.deterministic:
            lines.append("tf.config.experimental.enable_op_determinism()")
        if self.graph and self.tensorflow >= (1, 14):
            lines.append("tf.compat.v1.disable_eager_execution()")
        if not self.graph and self.tensorflow < (2,):
            lines.append("tf.compat.v1.enable_eager_execution()")
        return lines

    @property
    def seed(self):
        """The statements that seed Python, NumPy and TensorFlow with SEED."""
        if self.api != "tf1" and (self.api == "keras3" or self.tensorflow >= (2, 7)):
            lines = ["keras.utils.set_random_seed(SEED)"]
            return lines + (["tf.compat.v1.set_random_seed(SEED)"] if self.graph else [])
        return ["np.random.seed(SEED)", "tf.compat.v1.set_random_seed(SEED)"]

    @property
    def values(self):
        """What stands for attributes of ``rt`` in graph mode (roundtrip.engines.graph)."""
        if self.api != "keras2_graph":
            return {}
        values = {"rt.keras.backend.get_session": "tf.compat.v1.keras.backend.get_session"}
        if self.version >= (2, 11):
            values["rt.keras.optimizers"] = "keras.optimizers.legacy"
            values["rt.keras.optimizers.schedules"] = "keras.optimizers.schedules"
        return values

    def words(self):
        """The versions, e.g. ``tf_keras 2.21.0, TensorFlow 2.21.0, NumPy 2.4.6, h5py 3.14.0, Python 3.12.1``."""
        names = {"keras": "Keras", "tf_keras": "tf_keras", "tensorflow": "TensorFlow", "numpy": "NumPy", "h5py": "h5py"}
        versions = self.environment["versions"]
        used = [self.module, "tensorflow", "numpy", "h5py", "python"]
        return ", ".join(f"{names.get(n, n.capitalize())} {versions[n]}" for n in dict.fromkeys(used) if n in versions)
