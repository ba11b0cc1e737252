"""What a runtime is called in sentences, and what pip installs for it."""

import shlex

from packaging.requirements import InvalidRequirement, Requirement

#: the module that is tested -> what it is called
NAMES = {
    "keras": "Keras {version}",
    "tf_keras": "tf_keras {version}",
    "tensorflow.keras": "tf.keras of TensorFlow {tensorflow}",
    "tensorflow": "TensorFlow {tensorflow} with sessions",
}
BACKENDS = {"jax": " on JAX", "torch": " on PyTorch"}


def described(runtime, environments):
    """{"id", "name", "environment", "api", "python", "pip"} of a runtime's id; ``environments`` as envs/ declares them.

    ``pip`` is None where nothing is declared: in an environment that the user brings as an interpreter.
    """
    environment, _, api = runtime.rpartition("-")
    declared = environments[environment]
    return {
        "id": runtime,
        "name": name(declared, api),
        "environment": environment,
        "api": api,
        "python": " or ".join(declared.get("python") or ()),
        "pip": install(declared.get("requirements") or ()),
    }


def name(declared, api):
    """``tf_keras 2.21.0``, ``tf.keras of TensorFlow 2.15.1``, ``Keras 3.15.1 on JAX``."""
    facts = declared["apis"][api]
    words = NAMES.get(facts["module"], facts["module"] + " {version}")
    backend = BACKENDS.get(facts.get("variables", {}).get("KERAS_BACKEND"), "")
    graph = " in graph mode" if api == "keras2_graph" else ""
    return words.format(version=facts["version"], tensorflow=declared["tensorflow"]) + backend + graph


def install(requirements):
    """The pip command for what an environment pins; what it takes in any version follows from that."""
    pinned = [requirement for requirement in requirements if is_pinned(requirement)]
    return f"pip install {shlex.join(pinned)}" if pinned else None


def is_pinned(requirement):
    """Whether a requirement names versions; an option of pip is none."""
    try:
        return bool(Requirement(requirement).specifier)
    except InvalidRequirement:
        return False
