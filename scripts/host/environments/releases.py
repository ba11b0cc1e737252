"""The released versions of a package, and environments that differ in one version and in what goes with it."""

import functools
import re
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from host import schemas
from host.environments import declared
from host.environments.interpreters import ROOT, Failed, uv

#: what the distributions of TensorFlow are called here, whichever of them an environment installs
TENSORFLOW = "tensorflow"
#: {package: releases of TensorFlow that need it of their own minor version}: Keras. 2.6.0 takes any newer one and does
#: not import with it: https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/tools/pip_package/setup.py
COMPANIONS = {"keras": SpecifierSet(">=2.6,<2.16")}


@functools.cache
def released(distribution, python):
    """The final releases that pip lists for this Python: no other can be installed there.

    https://pip.pypa.io/en/stable/cli/pip_index/
    """
    pip = ("run", "--quiet", "--no-project", "--with", "pip", "python", "-m", "pip")
    said = uv(*pip, "index", "versions", distribution, "--python-version", python)
    listed = re.search(r"Available versions: (.*)", said)
    if not listed:
        raise Failed(f"pip lists no version of {distribution}: {said[:300]}")
    found = [Version(text.strip()) for text in listed[1].split(",")]
    return {v for v in found if not (v.is_prerelease or v.is_postrelease or v.local)}


def pins(file):
    """{name: exactly pinned version} of an environment's file; every distribution of TensorFlow is TENSORFLOW."""
    found = {}
    for text in schemas.load_yaml(file)["requirements"]:
        requirement = Requirement(text)
        exact = [s.version for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
        if exact:
            found[_name(requirement)] = exact[0]
    return found


def axis(older, newer):
    """(package, its version in both files): the one whose versions are to be searched, TensorFlow before Keras."""
    ours, theirs = pins(older), pins(newer)
    differing = [n for n in sorted(ours, key=_order) if n in theirs and ours[n] != theirs[n]]
    if not differing:
        raise Failed(f"{older} and {newer} pin the same versions: there is nothing to search between them")
    return differing[0], Version(ours[differing[0]]), Version(theirs[differing[0]])


def _order(name):
    return name != TENSORFLOW, name != "keras", name


def _name(requirement):
    name = canonicalize_name(requirement.name)
    return TENSORFLOW if name in declared.TENSORFLOW else name


def between(older, newer, api):
    """(package, {version: the file that its environment is made from}), in order from one file's to the other's."""
    package, *ends = axis(older, newer)
    files = templates(package, api, older, newer)
    listed = {*ends}
    for file in files:
        spec = schemas.load_yaml(file)
        installed = next(r.name for r in map(Requirement, spec["requirements"]) if _name(r) == package)
        listed = listed.union(*(released(installed, python) for python in spec["python"]))
    versions = sorted(v for v in listed if min(ends) <= v <= max(ends))
    return package, {v: nearest(files, package, v) for v in (versions if ends[0] < ends[1] else versions[::-1])}


def templates(package, api, older, newer, folder=ROOT / "envs"):
    """The files that the environments between two are made from.

    Where the api's Keras goes with TensorFlow (as a part of it, or tf_keras) every environment there is, for each says
    what its TensorFlow needs: a Python, bounds, the name of Keras. Where it does not, the newer one alone: whatever is
    not searched stays as it is.
    """
    if package != TENSORFLOW or not _goes_along(declared.load(newer), api):
        return [newer]
    others = [f for f in sorted(Path(folder).glob("*.yaml")) if f not in (older, newer)]
    return [older, newer, *(f for f in others if _goes_along(declared.load(f), api))]


def _goes_along(spec, api):
    return api in spec["apis"] and _minor(spec["apis"][api]["version"]) == _minor(spec["tensorflow"])


def nearest(files, package, version):
    """The file that pins the same minor version, else the next older one; the first of equals.

    For a TensorFlow that has no file of its own: a Python that the release before it ran on it mostly runs on as well,
    and what was too new for that one (protobuf, NumPy) may be too new for it.
    """
    older = [f for f in files if _minor(pins(f)[package]) <= _minor(version)]
    return max(older or files, key=lambda f: _minor(pins(f)[package]))


def _minor(version):
    return Version(str(version)).release[:2]


def write(template, package, version, folder):
    """Write the environment of ``template`` with another version of ``package``; returns its id.

    What is pinned to the package's own minor version (the Keras of a TensorFlow) goes with it. Of the very version that
    the template pins, it is the template's own environment.
    """
    spec, was = schemas.load_yaml(template), Version(pins(template)[package])
    if was == version:
        return Path(template).stem
    spec["requirements"] = [_moved(text, package, was, version, spec["apis"]) for text in spec["requirements"]]
    if package == TENSORFLOW:
        spec["requirements"] += [f"{name}=={_short(version)}.*" for name, on in COMPANIONS.items() if version in on]
    spec["title"] = f"{package} {version}, otherwise as {Path(template).stem}"
    id_ = f"{package}-{version}"
    Path(folder).mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(spec, sort_keys=False)
    file = Path(folder, f"{id_}.yaml")
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    return id_


def _moved(text, package, was, version, apis):
    requirement = Requirement(text)
    if _name(requirement) == package:
        return f"{requirement.name}=={version}"
    pinned = [s.version for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
    if not pinned or _minor(pinned[0]) != _minor(was):
        return text
    own = canonicalize_name(requirement.name) in {canonicalize_name(entry["module"]) for entry in apis.values()}
    return f"{requirement.name}=={_short(version)}.{'0' if own else '*'}"


def _short(version):
    return ".".join(map(str, _minor(version)))
