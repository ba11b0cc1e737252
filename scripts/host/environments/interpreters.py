"""uv, and the search for the Python that an environment asks for."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROBE = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
#: variables of these prefixes, or names, are about the host's own environment and would leak into the one that is built
LEAKING = ("PYTHON", "VIRTUAL_ENV", "CONDA_", "TF_", "KERAS_")
LEAKING_NAMES = {"UV_PYTHON", "UV_PROJECT_ENVIRONMENT"}


class Failed(Exception):
    """Something could not be done on this machine; the message is what was said."""


class UvMissing(Exception):
    """uv is not there: the set-up was not run."""


def clean_environ():
    """The environment variables without those that change what a Python or TensorFlow does."""
    return {k: v for k, v in os.environ.items() if not k.startswith(LEAKING) and k not in LEAKING_NAMES}


def find_uv():
    """uv of the PATH, else the one that the Makefile installs."""
    own = ROOT / ".uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if not found:
        raise UvMissing("uv is neither on PATH nor in .uv/bin. Run `make setup`, which installs it into .uv.")
    return found


def run(command, stdin="", timeout=1800, variables=None):
    """Run a command and return what it printed; raises Failed with the end of what it said."""
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
        raise Failed(f"{Path(command[0]).name} did not end within {timeout} s: {' '.join(command[1:4])}") from None
    except OSError as error:
        raise Failed(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-30:]
        raise Failed("\n".join(said) or f"{command[0]} ended with exit code {done.returncode} and said nothing")
    return done.stdout


def uv(*command, **options):
    return run([find_uv(), *command], **options)


def find(versions, named=None):
    """An interpreter of the first of ``versions`` that this machine has, else that uv can install.

    Parameters
    ----------
    versions : list of str
        In order of preference, e.g. ``["3.12", "3.11"]``.
    named : dict
        {version: path} that the user gave. One is used or refused, never passed over.

    Returns
    -------
    (str, str)
        Version and path. Raises Failed with what was tried.
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
    raise Failed("\n".join([f"no Python {' or '.join(versions)} on this machine. {remedy}", *tried]))


def variable(version):
    """The environment variable that names an interpreter of this version."""
    return "KERAS_ROUNDTRIP_PYTHON_" + version.replace(".", "_")


def refusal(path, version):
    """Why this is not a CPython of this version, or None; it is run, since a pyenv shim may exist and not work."""
    try:
        found = run([path, "-I", "-c", PROBE], timeout=60).split()
    except Failed:
        return "does not run"
    return None if found == ["cpython", version] else f"is {' '.join(found)}"


def _on_this_machine(version, tried):
    """Candidates, best first: PATH, pyenv, whatever else uv knows."""
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
