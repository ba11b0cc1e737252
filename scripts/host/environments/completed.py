"""Completes the user's requirements from the nearest environment in envs/, and resolves them into a lock.

The requirements are resolved twice. First with `tensorflow`, on whose version other packages depend (tensorflow-text,
tf_keras): that gives each package its version. Then with the build that the nearest environment installs, which is
smaller: tensorflow-cpu. uv: https://docs.astral.sh/uv/pip/compile/
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from host.environments import apis, build, declared, interpreters, nearest
from host.environments.interpreters import Failed, Passing, UvMissing, uv
from host.schemas import ConfigError, load_yaml

MADE = "# completed-sha256: "
BY_INTERPRETER = "Or install it in a venv of yours, and write `python: .venv/bin/python`."


def read(value, folder, where):
    """The requirements of a list, or of a file as pip reads it. Raises host.schemas.ConfigError."""
    if not isinstance(value, str):
        return [_requirement(line, f"{where}[{number}]") for number, line in enumerate(value)]
    path = os.path.abspath(os.path.join(folder, os.path.expanduser(value)))
    if not os.path.isfile(path):
        raise ConfigError(where, f"there is no file {path}", "Write its path, or a list.")
    return [_requirement(line, path) for line in lines_of(Path(path).read_text(encoding="utf-8"))]


def lines_of(text):
    """The requirements in a file's text, without comments and hashes.

    https://pip.pypa.io/en/stable/reference/requirements-file-format/
    """
    lines = (line.split(" #")[0].split(" --hash")[0].strip() for line in text.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and line[0] != "#"]


def _requirement(text, where):
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        problem = f"{text!r} is not a requirement ({str(error).splitlines()[0]})"
        raise ConfigError(where, problem, f"Write it as for pip, e.g. einops==0.8.1. {BY_INTERPRETER}") from None
    if requirement.url:
        raise ConfigError(where, f"{text!r} comes from no package index, so no lock can name it", BY_INTERPRETER)
    return requirement


class Completer:
    """Writes the environment of requirements.

    Parameters
    ----------
    environments : dict
        {id: environment}: the templates, of which the nearest one is taken.
    pythons : dict or None
        The interpreters that the configuration names, {version: path}.
    where : str
        The file and the key, for error messages.
    """

    def __init__(self, environments, pythons, where):
        self.environments, self.pythons, self.where = environments, pythons, where

    def write(self, file, wanted):
        """Write the environment's file and its lock, if they are not of these requirements; returns the file.

        Raises host.schemas.ConfigError if the requirements conflict, or cannot be resolved on this machine.
        """
        template = nearest.of(wanted, self.environments)
        made = MADE + _digest(wanted, load_yaml(template["file"]))
        lock = file.with_suffix(".lock")
        if _is_made(file, made) and declared.is_fresh(lock, declared.load(file)):
            return file
        file.parent.mkdir(parents=True, exist_ok=True)
        print(f"resolve the requirements of the environment {file.stem}", file=sys.stderr, flush=True)
        try:
            named = interpreters.named(template["python"], self.pythons)
            python, _ = interpreters.find(template["python"], named)
            self._lock(file, made, template, self._resolved(wanted, template, python))
        except (Failed, UvMissing) as error:
            file.unlink(missing_ok=True)
            again = isinstance(error, (Passing, UvMissing))
            problem = "resolved this time" if again else "installed together"
            raise ConfigError(self.where, f"the requirements cannot be {problem}", f"uv says:\n{error}") from None
        return file

    def _resolved(self, wanted, template, python):
        """{"python": version, "packages": {name: version}}."""
        try:
            return {"python": python, "packages": resolve(nearest.completed(wanted, template), template, python)}
        except Failed:
            # no conflict of the user's, perhaps, but one with the versions of the template
            loose = nearest.completed(wanted, template, pinned=False)
            return {"python": python, "packages": resolve(loose, template, python)}

    def _lock(self, file, made, template, resolved):
        packages, excludes = dict(resolved["packages"]), set(template["excludes"])
        entries = apis.of(packages, self.where)
        build_name = next(name for name in sorted(declared.TENSORFLOW) if name in template["packages"])
        if "tensorflow" in packages and build_name in declared.BUILDS - {"tensorflow"}:
            packages[build_name] = packages.pop("tensorflow")
            excludes.add("tensorflow")
        spec = {
            "title": f"{apis.in_words(entries)}, in a venv of requirements that {template['id']} completes",
            "python": [resolved["python"]],
            "requirements": [f"{name}=={version}" for name, version in sorted(packages.items())],
            "excludes": sorted(excludes),
            "apis": {api: {k: entry[k] for k in ("module", "variables")} for api, entry in entries.items()},
        }
        file.write_text(f"{made}\n{yaml.safe_dump(spec, sort_keys=False)}", encoding="utf-8")
        build.lock(declared.load(file), file.with_suffix(".lock"), upgrade=True, python=resolved["python"])


def resolve(needs, template, python):
    """{canonical name: version} of all packages that the needs lead to. Raises Failed with uv's message."""
    requirements, constraints = needs
    excludes = sorted(set(template["excludes"]) - declared.BUILDS)
    with tempfile.TemporaryDirectory() as folder:
        options = []
        for option, lines in (("--constraints", constraints), ("--excludes", excludes)):
            Path(folder, option).write_text("".join(f"{line}\n" for line in lines))
            options += [option, Path(folder, option)]
        out = Path(folder, "resolved.txt")
        command = ["pip", "compile", "-", "--output-file", out, *options, "--python-version", python]
        uv(*command, "--no-header", "--no-annotate", "--quiet", stdin="\n".join(requirements))
        return declared.locked_packages(out.read_text(), python)


def _digest(wanted, template):
    inputs = [sorted(map(str, wanted)), template]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def _is_made(file, made):
    return file.exists() and file.read_text(encoding="utf-8").splitlines()[0] == made
