"""Reads an environment's file, envs/<id>.yaml, and the lock beside it."""

import hashlib
import json
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from host import schemas
from roundtrip.record import read_json

#: one release of TensorFlow in several builds, with equal version numbers
BUILDS = {"tensorflow", "tensorflow-cpu", "tensorflow-gpu"}
#: the distributions that install the module `tensorflow`; an environment has exactly one of them
TENSORFLOW = BUILDS | {"intel-tensorflow", "tensorflow-rocm", "tensorflow-macos", "tf-nightly", "tf-nightly-cpu"}
#: module of an api -> the distribution that it comes from; other modules are part of TensorFlow
DISTRIBUTIONS = {"keras": "keras", "tf_keras": "tf-keras"}
STAMP = "# inputs-sha256: "


def load(path):
    """Read and check an environment's file. Raises schemas.ConfigError, which names the file, the key and the remedy.

    Returns
    -------
    dict
        The keys of the file (defaults filled in), and

        ``id``
        ``file``: the path
        ``tensorflow``: the pinned version
        ``apis[api]["version"]``: the version of the api's Keras; TensorFlow's version if the module is part of it
        ``lock``: the path of the lock beside the file if it is fresh, else of the one that the workflow makes
        ``packages``: {canonical name: version} from the fresh lock, else from the requirements (None if not pinned)
        ``identity``: the SHA-256 of the fresh lock, else of its inputs; the venv is built again when it changes
    """
    path = Path(path)
    spec = schemas.validate(schemas.load_yaml(path), "environment", path)
    spec["id"], spec["file"] = path.stem, str(path)
    requirements = schemas.place(path, "requirements")
    pins = _pins(path, spec["requirements"])
    spec["tensorflow"] = next((pins[name] for name in sorted(TENSORFLOW & set(pins)) if pins[name]), None)
    if not spec["tensorflow"]:
        raise schemas.ConfigError(requirements, "TensorFlow is not pinned", "Pin it, e.g. tensorflow-cpu==2.21.0.")
    for api, entry in spec["apis"].items():
        name = DISTRIBUTIONS.get(entry["module"])
        entry["version"] = pins.get(name) if name else spec["tensorflow"]
        if not entry["version"]:
            problem = f"{name}, the Keras of the api {api}, is not pinned"
            raise schemas.ConfigError(requirements, problem, f"Pin it: {name}==<version>.")
    lock = path.with_suffix(".lock")
    if is_fresh(lock, spec):
        spec["lock"], spec["identity"] = str(lock), hashlib.sha256(lock.read_bytes()).hexdigest()
        spec["packages"] = locked_packages(lock.read_text(), spec["python"][0])
    else:
        spec["lock"] = f"results/environments/{spec['id']}/requirements.lock"
        spec["identity"], spec["packages"] = inputs_digest(spec), pins
    return spec


def load_all(places):
    """{id: environment} of the files in folders, and of single files. Raises schemas.ConfigError if two have one id.

    A single file is an environment's file, or a ``.json`` of an interpreter (``host.environments.taken.look``).
    """
    environments = {}
    for path in (file for place in places for file in _files(Path(place))):
        if path.stem in environments:
            problem = f"{environments[path.stem]['file']} has the same id"
            raise schemas.ConfigError(path, problem, "Rename one of them.")
        environments[path.stem] = read_json(path) if path.suffix == ".json" else load(path)
    return environments


def _files(place):
    if not place.exists():
        raise schemas.ConfigError(place, "there is no such folder", "Create it or change `environments`.")
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]


def _pins(path, requirements):
    """{canonical name: exactly pinned version, or None}."""
    pins = {}
    for i, text in enumerate(requirements):
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            problem = f"{text!r} is not a requirement ({str(error).splitlines()[0]})"
            where = schemas.place(path, "requirements", i)
            raise schemas.ConfigError(where, problem, "Write it as for pip, e.g. numpy<2.") from None
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
    """SHA-256 of the keys that a lock depends on, which title and apis are not."""
    inputs = {key: sorted(spec.get(key, ())) for key in ("python", "requirements", "excludes")}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def is_fresh(lock, spec):
    """Whether the lock exists and was made from the present content of the environment's file."""
    return Path(lock).is_file() and STAMP + inputs_digest(spec) in Path(lock).read_text().splitlines()[:5]
