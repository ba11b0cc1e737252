"""What an environment's file, envs/<id>.yaml, and the lock beside it declare."""

import hashlib
import json
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from host import schemas

#: the distributions that install the module `tensorflow`: one of them, never two
TENSORFLOW = {"tensorflow", "tensorflow-cpu", "intel-tensorflow", "tf-nightly", "tf-nightly-cpu"}
#: the distribution whose pin is the version of an api's module; the other modules are part of TensorFlow
DISTRIBUTIONS = {"keras": "keras", "tf_keras": "tf-keras"}
STAMP = "# inputs-sha256: "


def load(path):
    """Read and check an environment's file; raises schemas.ConfigError, which names the file, the key and the remedy.

    Returns
    -------
    dict
        What the file says (defaults filled in), and what follows from it:
        ``id``; ``file``, the path; ``tensorflow``, the pinned version; ``apis[api]["version"]``, that of the api's
        Keras (TensorFlow's where the module is part of it); ``lock``, the path of the lock beside the file if it is
        fresh, else of the one that the workflow makes; ``packages``, {canonical name: version}, of the lock beside
        the file, else of the requirements (None if not pinned); ``identity``, the SHA-256 of that lock, else of
        what it is made from: when it changes, the venv is built anew.
    """
    path = Path(path)
    spec = schemas.validate(schemas.load_yaml(path), "environment", path)
    spec["id"], spec["file"] = path.stem, str(path)
    requirements = schemas.place(path, "requirements")
    pins = _pins(path, spec["requirements"])
    spec["tensorflow"] = next((pins[name] for name in sorted(TENSORFLOW & set(pins)) if pins[name]), None)
    if not spec["tensorflow"]:
        raise schemas.ConfigError(requirements, "TensorFlow is not pinned", "Pin it, as tensorflow-cpu==2.21.0.")
    for api, entry in spec["apis"].items():
        name = DISTRIBUTIONS.get(entry["module"])
        entry["version"] = pins.get(name) if name else spec["tensorflow"]
        if not entry["version"]:
            problem = f"{name} is not pinned, which is the Keras of the api {api}"
            raise schemas.ConfigError(requirements, problem, f"Pin it, as {name}==<version>.")
    lock = path.with_suffix(".lock")
    if is_fresh(lock, spec):
        spec["lock"], spec["identity"] = str(lock), hashlib.sha256(lock.read_bytes()).hexdigest()
        spec["packages"] = locked_packages(lock.read_text(), spec["python"][0])
    else:
        spec["lock"] = f"results/environments/{spec['id']}/requirements.lock"
        spec["identity"], spec["packages"] = inputs_digest(spec), pins
    return spec


def load_all(folders):
    """{id: environment} of every file in these folders; an id stands for one file alone."""
    found = {}
    for folder in folders:
        if not Path(folder).is_dir():
            raise schemas.ConfigError(folder, "there is no such folder", "Create it or change `environments`.")
    for path in sorted(p for folder in folders for p in Path(folder).glob("*.yaml")):
        if path.stem in found:
            raise schemas.ConfigError(path, f"{found[path.stem]['file']} has that id", "Rename one of them.")
        found[path.stem] = load(path)
    return found


def _pins(path, requirements):
    """{canonical name: exactly pinned version, or None}."""
    pins = {}
    for i, text in enumerate(requirements):
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            problem = f"{text!r} is not a requirement ({str(error).splitlines()[0]})"
            where = schemas.place(path, "requirements", i)
            raise schemas.ConfigError(where, problem, "Write it as pip does: numpy<2.") from None
        exact = [s.version for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
        pins[canonicalize_name(requirement.name)] = exact[0] if exact else None
    return pins


def locked_packages(text, python):
    """{canonical name: version} of the lock's entries that apply to this Python on this machine."""
    versions = {"python_version": python, "python_full_version": f"{python}.0"}
    packages = {}
    for line in text.splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.rstrip("\\ "))
            if requirement.marker is None or requirement.marker.evaluate(versions):
                packages[canonicalize_name(requirement.name)] = next(iter(requirement.specifier)).version
    return packages


def inputs_digest(spec):
    """SHA-256 of what a lock depends on; title and apis are no part of it."""
    inputs = {key: sorted(spec.get(key, ())) for key in ("python", "requirements", "excludes")}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def is_fresh(lock, spec):
    """Whether the lock exists and was made from what the environment's file says now."""
    return Path(lock).is_file() and STAMP + inputs_digest(spec) in Path(lock).read_text().splitlines()[:5]
