"""The released versions of a package, and environments that differ in one version alone."""

import re
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from host import config
from host.interpreters import Failed, uv


def released(package):
    """Every final release, oldest first, as pip lists them."""
    said = uv("run", "--quiet", "--no-project", "--with", "pip", "python", "-m", "pip", "index", "versions", package)
    listed = re.search(r"Available versions: (.*)", said)
    if not listed:
        raise Failed(f"pip lists no version of {package}: {said[:300]}")
    found = [Version(text.strip()) for text in listed[1].split(",")]
    return sorted({v for v in found if not (v.is_prerelease or v.is_postrelease or v.local)})


def pins(file):
    """{canonical name: exactly pinned version} of an environment's file."""
    found = {}
    for text in config.load_yaml(file)["requirements"]:
        requirement = Requirement(text)
        exact = [s.version for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
        if exact:
            found[canonicalize_name(requirement.name)] = exact[0]
    return found


def axis(older, newer):
    """(package, its version in both files): the one whose versions are to be searched, TensorFlow before Keras."""
    ours, theirs = pins(older), pins(newer)
    differing = [n for n in sorted(ours, key=_order) if n in theirs and ours[n] != theirs[n]]
    if not differing:
        raise Failed(f"{older} and {newer} pin the same versions: there is nothing to search between them")
    return differing[0], Version(ours[differing[0]]), Version(theirs[differing[0]])


def _order(name):
    return not name.startswith("tensorflow"), name != "keras", name


def write(template, package, version, folder):
    """Write the environment of ``template`` with another version of ``package``; returns its id.

    What is pinned to the package's own minor version (the Keras of a TensorFlow) goes with it.
    """
    spec = config.load_yaml(template)
    was = Version(pins(template)[package])
    spec["requirements"] = [_moved(text, package, was, version, spec["apis"]) for text in spec["requirements"]]
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
    name = canonicalize_name(requirement.name)
    if name == package:
        return f"{requirement.name}=={version}"
    pinned = [Version(s.version) for s in requirement.specifier if s.operator == "==" and "*" not in s.version]
    if not pinned or pinned[0].release[:2] != was.release[:2]:
        return text
    minor = ".".join(map(str, version.release[:2]))
    modules = {canonicalize_name(entry["module"]) for entry in apis.values()}
    return f"{requirement.name}=={minor}.0" if name in modules else f"{requirement.name}=={minor}.*"
