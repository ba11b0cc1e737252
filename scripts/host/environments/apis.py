"""Works out the apis of an environment from the packages that are installed in it."""

from packaging.version import Version

from host.environments.declared import TENSORFLOW
from host.schemas import ConfigError

OLDEST = Version("1.13")
#: until this version, the Keras in TensorFlow is Keras 2: https://keras.io/getting_started/#tensorflow--keras-2-backwards-compatibility
KERAS_3 = Version("2.16")


def of(packages, where):
    """{api: {"module", "variables", "version"}} of installed packages.

    Parameters
    ----------
    packages : dict
        {canonical name: version}
    where : str
        The file and the key, for error messages.

    Raises host.schemas.ConfigError if there is no TensorFlow or no Keras, or one that is not supported.
    """
    tensorflow = tensorflow_of(packages, where)
    keras3 = _first(packages, "keras", "keras-nightly")
    keras3 = keras3 if keras3 and Version(keras3).major >= 3 else None
    keras2 = _keras2(tensorflow, keras3, _first(packages, "tf-keras", "tf-keras-nightly"))
    entries = {
        "keras3": keras3 and _entry("keras", keras3, KERAS_BACKEND="tensorflow"),
        "keras2": keras2,
        "keras2_graph": keras2,
    }
    present = {api: entry for api, entry in entries.items() if entry}
    if not present:
        problem = f"there is TensorFlow {tensorflow}, but no Keras"
        raise ConfigError(where, problem, "Install keras (Keras 3) or tf_keras (Keras 2).")
    return {**present, "tf1": _entry("tensorflow", tensorflow)}


def in_words(entries):
    """``keras 3.15.1, tensorflow 2.21.0``: the modules of apis, with their versions."""
    return ", ".join(dict.fromkeys(f"{entry['module']} {entry['version']}" for entry in entries.values()))


def tensorflow_of(packages, where):
    """The version of TensorFlow. Raises host.schemas.ConfigError if there is none, or more than one."""
    versions = {name: packages[name] for name in sorted(TENSORFLOW & set(packages))}
    if not versions:
        raise ConfigError(where, "there is no TensorFlow in it", "Install tensorflow or tensorflow-cpu.")
    if len({Version(version).public for version in versions.values()}) > 1:
        both = " and ".join(f"{name} {version}" for name, version in versions.items())
        raise ConfigError(where, f"{both} are installed and overwrite each other", "Uninstall all but one.")
    version = next(iter(versions.values()))
    if Version(version) < OLDEST:
        problem = f"TensorFlow {version} is older than {OLDEST}, the oldest that the workflow supports"
        raise ConfigError(where, problem, "Install a newer one.")
    return version


def _keras2(tensorflow, keras3, tf_keras):
    """Keras 2: the one in TensorFlow, unless that is Keras 3; else tf_keras, if it is installed."""
    if Version(tensorflow).release < KERAS_3.release and not keras3:
        return _entry("tensorflow.keras", tensorflow)
    return tf_keras and _entry("tf_keras", tf_keras, TF_USE_LEGACY_KERAS="1")


def _entry(module, version, **variables):
    return {"module": module, "variables": variables, "version": version}


def _first(packages, *names):
    return next((packages[name] for name in names if name in packages), None)
