"""Which environment of envs/ is nearest to some requirements, and what it adds to them."""

import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from host.environments.declared import BUILDS, TENSORFLOW
from host.environments.releases import COMPANIONS

#: the packages by whose versions environments are near to each other, the first one that is required counts
ANCHORS = ("tensorflow", "keras", "tf-keras")
#: what every step needs beside them
NEEDED = ("h5py", "numpy")


def package(requirement):
    """The canonical name; one for all builds of TensorFlow."""
    name = canonicalize_name(requirement.name)
    return "tensorflow" if name in BUILDS else name


def of(wanted, environments):
    """The environment that requirements (packaging's) are completed from.

    The newest one whose version satisfies the requirement on TensorFlow (on Keras, on tf_keras, if nothing else is
    required); else, of the same major version, the newest one of the same or an older minor version; else the oldest.
    """
    candidates = [e for e in environments.values() if _backend(e) == "tensorflow"]
    anchor = _anchor(wanted)
    if not anchor:
        return max(candidates, key=_rank)
    name, specifier = package(anchor), anchor.specifier
    minors = {e["id"]: _minor(_version(e, name)) for e in candidates if _version(e, name)}
    candidates = [e for e in candidates if e["id"] in minors]
    fits = [e for e in candidates if specifier.contains(_version(e, name), prereleases=True)]
    newest = max(map(_minor, re.findall(r"\d+(?:\.\d+)*", str(specifier))))
    same = [e for e in candidates if minors[e["id"]][0] == newest[0]] or candidates
    older = [minors[e["id"]] for e in same if minors[e["id"]] <= newest]
    near = [e for e in same if minors[e["id"]] == max(older, default=None)]
    return max(fits or near, key=_rank, default=None) or min(same, key=_rank)


def completed(wanted, template, pinned=True):
    """(requirements, constraints), as text: the wanted ones and what the template adds.

    TensorFlow, Keras and tf_keras are added with the template's versions; without ``pinned``, in any version. A package
    that has the same minor version as the one that was required goes along with it: tf_keras with TensorFlow.
    """
    named = {package(requirement) for requirement in wanted}
    named |= {"tensorflow"} if named & TENSORFLOW else set()  # a build with other version numbers, such as tf-nightly
    requirements = [_plain(requirement) for requirement in wanted]
    constraints = []
    for requirement in map(Requirement, template["requirements"]):
        name = package(requirement)
        if name in named:
            continue
        if name in ANCHORS:
            requirements.append(name + (_moved(requirement, wanted, template) if pinned else ""))
        elif requirement.specifier:
            constraints.append(str(requirement))
    requirements += [name for name in NEEDED if name not in named]
    return requirements, constraints + _companions(wanted)


def _plain(requirement):
    """The requirement on TensorFlow without its build and its extras (CUDA): the steps run on the CPU."""
    if canonicalize_name(requirement.name) not in BUILDS:
        return str(requirement)
    return f"tensorflow{requirement.specifier}" + (f" ; {requirement.marker}" if requirement.marker else "")


def _moved(requirement, wanted, template):
    """The template's specifier of a package; the anchor's minor version where the package goes along with it."""
    anchor = _anchor(wanted)
    required = anchor and _exact(anchor)
    if required:
        was = _version(template, package(anchor))
        own = _version(template, package(requirement))
        if was and own and _minor(own) == _minor(was) != _minor(required):
            return f"=={'.'.join(map(str, _minor(required)))}.*"
    return str(requirement.specifier)


def _companions(wanted):
    """Constraints on what must have the minor version of a TensorFlow, although that does not require it."""
    named = {package(requirement): requirement for requirement in wanted}
    required = _exact(named["tensorflow"]) if "tensorflow" in named else None
    if not required:
        return []
    minor = ".".join(map(str, _minor(required)))
    return [f"{name}=={minor}.*" for name, on in COMPANIONS.items() if required in on and name not in named]


def _anchor(wanted):
    named = {package(requirement): requirement for requirement in wanted}
    return next((named[name] for name in ANCHORS if name in named and named[name].specifier), None)


def _exact(requirement):
    """The version that a requirement pins, or that its wildcard begins with; None if it is a range."""
    exact = [s.version.removesuffix(".*") for s in requirement.specifier if s.operator in ("==", "~=")]
    return Version(exact[0]) if exact else None


def _version(environment, name):
    if name == "tensorflow":
        return environment["tensorflow"]
    return environment["packages"].get(name)


def _minor(version):
    return Version(str(version)).release[:2]


def _backend(environment):
    variables = environment["apis"].get("keras3", {}).get("variables", {})
    return variables.get("KERAS_BACKEND", "tensorflow")


def _rank(environment):
    """The newest TensorFlow first, then the newest Keras; of these, the one with more apis."""
    keras = environment["packages"].get("keras") or "0"
    return Version(environment["tensorflow"]), Version(keras), len(environment["apis"])
