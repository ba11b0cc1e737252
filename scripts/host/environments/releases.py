"""Lists the releases of a package, and writes environments that differ from another in that package's version."""

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

#: one name for all distributions of TensorFlow
TENSORFLOW = "tensorflow"
#: package -> releases of TensorFlow that need the same minor version of it. TensorFlow 2.6.0 accepts any newer Keras,
#: but does not import with it: https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/tools/pip_package/setup.py
COMPANIONS = {"keras": SpecifierSet(">=2.6,<2.16")}


@functools.cache
def released(distribution, python):
    """The final releases that pip lists for this Python; only these can be installed.

    https://pip.pypa.io/en/stable/cli/pip_index/
    """
    pip = ("run", "--quiet", "--no-project", "--with", "pip", "python", "-m", "pip")
    output = uv(*pip, "index", "versions", distribution, "--python-version", python)
    listed = re.search(r"Available versions: (.*)", output)
    if not listed:
        raise Failed(f"pip lists no version of {distribution}: {output[:300]}")
    versions = [Version(text.strip()) for text in listed[1].split(",")]
    return {v for v in versions if not (v.is_prerelease or v.is_postrelease or v.local)}


def pins(file):
    """{name: exactly pinned version} of an environment's file; every distribution of TensorFlow is TENSORFLOW."""
    exact_versions = {}
    for text in schemas.load_yaml(file)["requirements"]:
        requirement = Requirement(text)
        exact = [s.version for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
        if exact:
            exact_versions[_name(requirement)] = exact[0]
    return exact_versions


def axis(older, newer):
    """(package, older version, newer version): the package to search. TensorFlow if it differs, else Keras."""
    ours, theirs = pins(older), pins(newer)
    differing = [n for n in sorted(ours, key=_order) if n in theirs and ours[n] != theirs[n]]
    if not differing:
        raise Failed(f"{older} and {newer} pin the same versions, so there is nothing to search")
    return differing[0], Version(ours[differing[0]]), Version(theirs[differing[0]])


def _order(name):
    return name != TENSORFLOW, name != "keras", name


def _name(requirement):
    name = canonicalize_name(requirement.name)
    return TENSORFLOW if name in declared.TENSORFLOW else name


def between(older, newer, api):
    """(package, {version: template}): the versions from ``older`` to ``newer``, in order, each with its template.

    The template is the file that the environment of that version is made from.
    """
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
    """The files that can be templates for the environments between two others.

    If the api's Keras follows TensorFlow's versions (as a part of it, or tf_keras), these are all files with that api:
    each states what its TensorFlow needs, such as a Python and bounds. Else it is only the newer file, so that nothing
    but the searched package changes.
    """
    if package != TENSORFLOW or not _goes_along(declared.load(newer), api):
        return [newer]
    others = [f for f in sorted(Path(folder).glob("*.yaml")) if f not in (older, newer)]
    return [older, newer, *(f for f in others if _goes_along(declared.load(f), api))]


def _goes_along(spec, api):
    return api in spec["apis"] and _minor(spec["apis"][api]["version"]) == _minor(spec["tensorflow"])


def nearest(files, package, version):
    """The file that pins the same minor version, else the next older one; the first of several.

    A TensorFlow without a file of its own mostly runs on the Python of the release before it. Packages that are too
    new for that release (protobuf, NumPy) may be too new for it as well.
    """
    older = [f for f in files if _minor(pins(f)[package]) <= _minor(version)]
    return max(older or files, key=lambda f: _minor(pins(f)[package]))


def _minor(version):
    return Version(str(version)).release[:2]


def write(template, package, version, folder):
    """Write the environment of ``template`` with another version of ``package``; returns its id.

    Packages that are pinned to the same minor version (the Keras of a TensorFlow) change with it. If the template pins
    this very version, nothing is written, and the id is the template's.
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
