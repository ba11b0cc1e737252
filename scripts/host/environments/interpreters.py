"""Runs uv, and finds the Python that an environment needs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from roundtrip import faults

ROOT = Path(__file__).resolve().parents[3]
PROBE = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
#: prefixes and names of variables about the host's own environment; they must not leak into the one that is built
LEAKING = ("PYTHON", "VIRTUAL_ENV", "CONDA_", "TF_", "KERAS_")
LEAKING_NAMES = {"UV_PYTHON", "UV_PROJECT_ENVIRONMENT"}


class Failed(Exception):
    """A command failed on this machine; the message has its output."""


class Passing(Failed):
    """The same, for a reason that may be gone at the next try: the network, the disk, the time."""


#: what uv says when the network fails or a registry is overloaded; a page that is not there is another thing
NETWORK = re.compile(
    r"error sending request|dns error|connect error|connection (refused|reset|closed)|network is unreachable"
    r"|name resolution|timed? ?out|tls handshake|HTTP status (server error|client error \((408|425|429)\b)",
    re.IGNORECASE,
)


class UvMissing(Exception):
    """uv is not installed: `make setup` was not run."""


def clean_environ():
    """The environment variables, without those that change how Python or TensorFlow behaves."""
    return {k: v for k, v in os.environ.items() if not k.startswith(LEAKING) and k not in LEAKING_NAMES}


def find_uv():
    """The uv on PATH, else the one that the Makefile installs."""
    own = ROOT / ".uv" / "bin" / "uv"
    path = shutil.which("uv") or (str(own) if own.exists() else None)
    if not path:
        raise UvMissing("uv is neither on PATH nor in .uv/bin. Run `make setup`, which installs it into .uv.")
    return path


def run(command, stdin="", timeout=1800, variables=None):
    """Run a command and return its output. Raises Failed with the last lines of its messages."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            env={**clean_environ(), **(variables or {})},
        )
    except subprocess.TimeoutExpired:
        raise Passing(f"{Path(command[0]).name} did not end within {timeout} s: {' '.join(command[1:4])}") from None
    except OSError as error:
        raise Failed(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        text = done.stderr.strip() or done.stdout.strip()
        kind = Passing if NETWORK.search(text) or faults.of_text(text) or done.returncode < 0 else Failed
        last = "\n".join(text.splitlines()[-30:])
        raise kind(last or f"{command[0]} ended with exit code {done.returncode}, without a message")
    return done.stdout


def uv(*command, **options):
    return run([find_uv(), *command], **options)


def find(versions, named=None):
    """An interpreter of the first of ``versions`` that this machine has; if it has none, that uv can install.

    Parameters
    ----------
    versions : list of str
        In order of preference, e.g. ``["3.12", "3.11"]``.
    named : dict
        {version: path} that the user gave. If such an interpreter does not work, the search fails.

    Returns
    -------
    (str, str)
        Version and path. Raises Failed, which lists what was tried.
    """
    named, tried = named or {}, []
    for version in versions:
        if version in named:
            wrong = refusal(named[version], version)
            if wrong:
                raise Failed(f"the interpreter named for Python {version} {wrong}: {named[version]}")
            return version, str(named[version])
    for search in (_on_this_machine, _installed_by_uv):
        for version in versions:
            for path in search(version, tried):
                wrong = refusal(path, version)
                if not wrong:
                    return version, str(path)
                tried.append(f"{path} {wrong}")
    remedy = "Install one, or set " + " or ".join(f"{variable(v)}=<path>" for v in versions)
    kind = Passing if NETWORK.search(" ".join(tried)) else Failed
    raise kind("\n".join([f"no Python {' or '.join(versions)} on this machine. {remedy}", *tried]))


def named(versions, configured=None):
    """{version: path} of the interpreters that the configuration or environment variables name."""
    paths = {v: (configured or {}).get(v) or os.environ.get(variable(v)) for v in versions}
    return {version: path for version, path in paths.items() if path}


def variable(version):
    """The environment variable that names an interpreter of this version."""
    return "KERAS_ROUNDTRIP_PYTHON_" + version.replace(".", "_")


def refusal(path, version):
    """Why this is not a CPython of this version, or None. The program is run: a pyenv shim may exist and not work."""
    try:
        actual = run([path, "-I", "-c", PROBE], timeout=60).split()
    except Failed:
        return "does not run"
    return None if actual == ["cpython", version] else f"is {' '.join(actual)}"


def _on_this_machine(version, tried):
    """Candidates, best first: from PATH, from pyenv, from uv."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(pyenv.glob(f"{version}*/bin/python"), reverse=True)
    yield from _by_uv(version, tried)


def _by_uv(version, tried):
    try:  # --system: not the host's own venv
        yield uv("python", "find", "--system", "--no-project", "--no-python-downloads", version).strip()
    except Failed as error:
        tried.append(f"uv python find: {str(error).splitlines()[0]}")


def _installed_by_uv(version, tried):
    try:
        uv("python", "install", version)
    except Failed as error:
        tried.append(f"uv python install {version}: {' '.join(str(error).split())}")
    else:
        yield from _by_uv(version, tried)
