"""Environments: resolve envs/<id>.yaml into a lock, install the lock into a venv, and test that the venv imports.

    PYTHONPATH=scripts python -m host.environments.build lock  envs/tf2.21.yaml
    PYTHONPATH=scripts python -m host.environments.build build envs/tf2.21.yaml --out <folder>/environment.json

An environment that cannot be built on this machine is a result: environment.json then states `unbuildable` and the
reason, and the exit code is 0. An invalid file is an error.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from host.environments import interpreters
from host.environments.declared import (
    STAMP,
    TENSORFLOW,
    inputs_digest,
    is_fresh,
    load,
    locked_packages,
)
from host.environments.interpreters import Failed, Passing, UvMissing, uv
from host.schemas import ConfigError
from roundtrip.record import write_atomic, write_json
from warmstep import installed

__all__ = ["build", "interpreter_options", "load", "lock"]

UNRESOLVED = "# unresolved: "
#: run by the venv's own Python (3.7 or newer): imports the modules and prints their versions
CHECK = """
import importlib, json, platform, sys
versions = {"python": platform.python_version()}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    versions[name] = getattr(module, "__version__", None)
print("\\n" + json.dumps(versions))
"""


def lock(spec, out, upgrade=False, python=None):
    """Resolve the requirements into ``out``, with hashes. Pins that are already in it are kept.

    Without ``python``, the lock is for every platform and Python of the file, so that it can be committed. It takes the
    newest release of a package that has a wheel for any platform, which may have none for this machine. With
    ``python`` (a version), the lock is for this machine and that Python only. Raises Failed with uv's message if
    there is no solution.
    """
    oldest = python or min(spec["python"], key=lambda version: int(version.split(".")[1]))
    with tempfile.TemporaryDirectory() as folder:
        excludes, made = Path(folder, "excludes.txt"), Path(folder, "lock")
        excludes.write_text("".join(f"{name}\n" for name in spec["excludes"]))
        if Path(out).is_file() and not upgrade:
            made.write_bytes(Path(out).read_bytes())
        command = ["pip", "compile", "-", "--output-file", made, "--excludes", excludes, "--python-version", oldest]
        # one version of a package for all Pythons if possible, so that environments differ little between machines
        command += ["--generate-hashes"] + ([] if python else ["--universal", "--fork-strategy", "fewest"])
        uv(*command, "--no-header", "--annotation-style", "line", "--quiet", stdin="\n".join(spec["requirements"]))
        text = made.read_text()
    twice = sorted(TENSORFLOW & set(locked_packages(text, oldest)))
    if len(twice) > 1:
        raise Failed(f"{' and '.join(twice)} would overwrite each other: add the unwanted one to `excludes`")
    write_atomic(str(out), (header(spec) + text).encode())


def header(spec):
    """The first lines of a lock; the digest shows whether the lock is stale."""
    made = f"# Made from {os.path.relpath(spec['file'])} (for envs/ by `make locks`); edit that file, not this one."
    return f"{made}\n{STAMP}{inputs_digest(spec)}\n"


def build(spec, lock_file, out, named=None):
    """Install ``lock_file`` into ``<folder of out>/venv``, and write what was installed into ``out``."""
    begin, venv = time.time(), Path(out).parent / "venv"
    stamp = {"environment": spec["id"], "title": spec["title"], "tensorflow": spec["tensorflow"], "apis": spec["apis"]}
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).unlink(missing_ok=True)  # a half-built venv has no stamp
    try:
        stamp.update(_install(spec, Path(lock_file).read_text(), lock_file, venv, named), outcome="built")
        stamp["megabytes"] = round(sum(p.lstat().st_blocks for p in venv.rglob("*")) * 512 / 1e6)
    except Passing:
        shutil.rmtree(venv, ignore_errors=True)
        raise
    except Failed as error:
        shutil.rmtree(venv, ignore_errors=True)
        venv.mkdir()  # the job's output, empty
        stamp.update(outcome="unbuildable", reason=str(error).splitlines()[0], detail=str(error).splitlines()[1:])
    stamp["seconds"] = round(time.time() - begin, 1)
    write_json(str(out), stamp)
    return stamp


def _install(spec, text, lock_file, venv, named):
    unresolved = [line for line in text.splitlines() if line.startswith(UNRESOLVED)]
    if unresolved:
        raise Failed("\n".join(line.removeprefix(UNRESOLVED) for line in unresolved))
    _version, python = interpreters.find(spec["python"], named)
    uv("venv", "--quiet", "--clear", "--no-project", "--python", python, venv)
    inside = venv / "bin" / "python"
    # without compiled bytecode, every import of TensorFlow takes seconds longer
    uv("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", inside, lock_file)
    modules = dict.fromkeys(["tensorflow", *(e["module"] for e in spec["apis"].values()), "numpy", "h5py"])
    variables = {name: value for entry in spec["apis"].values() for name, value in entry["variables"].items()}
    try:
        output = interpreters.run([inside, "-c", CHECK, *modules, "google.protobuf"], timeout=300, variables=variables)
    except Passing:
        raise
    except Failed as error:
        raise Failed(f"the installed packages do not import: {str(error).splitlines()[-1]}\n{error}") from None
    versions = json.loads(output.splitlines()[-1])
    if versions["tensorflow"].split("+")[0] != spec["tensorflow"]:
        raise Failed(f"TensorFlow {versions['tensorflow']} was installed instead of {spec['tensorflow']}")
    freeze = uv("pip", "freeze", "--python", inside).split("\n")
    listed = installed.entries(installed.site_packages(str(venv.parent)))
    write_atomic(str(venv.parent / installed.LISTING), "\n".join(listed).encode())
    return {"interpreter": python, "versions": versions, "freeze": [line for line in freeze if line]}


def interpreter_options(spec, configured=None):
    """The `--python` options for interpreters that the configuration or environment variables name."""
    return [f"--python={version}={path}" for version, path in interpreters.named(spec["python"], configured).items()]


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["lock", "build"])
    parser.add_argument("file", type=Path, help="envs/<id>.yaml")
    parser.add_argument("--out", type=Path, help="lock: the lock (default: beside the file); build: environment.json")
    parser.add_argument("--lock", type=Path, help="build: the lock to install (default: beside the file)")
    parser.add_argument("--python", action="append", default=[], metavar="3.12=PATH", help="an interpreter to use")
    parser.add_argument("--here", action="store_true", help="lock: only for this machine, not for every platform")
    parser.add_argument("--upgrade", action="store_true", help="lock: newest versions, instead of those in the lock")
    parser.add_argument("--record-failure", action="store_true", help="lock: on failure write the reason, exit with 0")
    args = parser.parse_args(argv)
    if args.command == "build" and not args.out:
        parser.error("build needs --out")
    try:
        spec = load(args.file)
        return _main_lock(spec, args) if args.command == "lock" else _main_build(spec, args)
    except (ConfigError, UvMissing) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _main_lock(spec, args):
    out = args.out or args.file.with_suffix(".lock")
    try:
        lock(spec, out, args.upgrade, _python_version(spec, args) if args.here else None)
    except Failed as error:
        if not args.record_failure or isinstance(error, Passing):
            print(f"error: {args.file}: cannot be resolved: {error}", file=sys.stderr)
            return 1
        reason = [f"{args.file} cannot be resolved into a lock", *filter(None, str(error).splitlines())]
        write_atomic(str(out), (header(spec) + "".join(f"{UNRESOLVED}{line}\n" for line in reason)).encode())
    return 0


def _python_version(spec, args):
    """The version of the Python that the build will use; None if there is none, which the build will report."""
    try:
        return interpreters.find(spec["python"], _named(spec, args))[0]
    except Failed:
        return None


def _named(spec, args):
    options = args.python or [option.removeprefix("--python=") for option in interpreter_options(spec)]
    return dict(option.split("=", 1) for option in options)


def _main_build(spec, args):
    lock_file = args.lock or args.file.with_suffix(".lock")
    if not is_fresh(lock_file, spec):
        print(f"error: {lock_file} was not made from {args.file} as it is now. Run `make locks`.", file=sys.stderr)
        return 1
    try:
        stamp = build(spec, lock_file, args.out, _named(spec, args))
    except Passing as error:
        print(f"error: {spec['id']} could not be built this time; the next run tries again.\n{error}", file=sys.stderr)
        return 1
    if stamp["outcome"] == "built":
        about = f"in {stamp['seconds']} s, {stamp['megabytes']} MB, Python {stamp['versions']['python']}"
    else:
        again = f"To try again, remove {args.out.parent} first."
        about = "\n  ".join(["here:", stamp["reason"], *stamp["detail"], again])
    print(f"{spec['id']}: {stamp['outcome']} {about}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
