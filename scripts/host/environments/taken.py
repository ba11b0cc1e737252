"""An interpreter that the user brings (a venv, conda, any Python), taken as it is: what is in it is looked up.

    PYTHONPATH=scripts python -m host.environments.taken results/environments/own.json --out <folder>/environment.json

Nothing is installed or changed. ``look`` imports nothing in the interpreter, so it costs a fraction of a second, and
each run begins with it. The command imports the modules once for each new identity.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

from host.environments import apis, distributions, interpreters
from host.environments.build import CHECK
from host.environments.interpreters import Failed
from host.schemas import ConfigError
from roundtrip.record import read_json, write_json
from warmstep import installed

OLDEST = (3, 7)
NEEDED = ("numpy", "h5py")
#: any Python since 2.6 understands it
PROBE = (
    "import json, platform as p, sys; print(json.dumps({'implementation': p.python_implementation(),"
    " 'python': p.python_version(), 'machine': p.machine(), 'path': [folder for folder in sys.path if folder]}))"
)


def look(id_, path, where):
    """What ``host.environments.declared.load`` returns of a declared environment, of an interpreter.

    It has further keys: ``interpreter``, ``folders`` (those in which distributions are installed), ``freeze``.
    Raises host.schemas.ConfigError if the interpreter does not work, or lacks what every step needs.
    """
    told = _ask(path, where)
    present = distributions.on(told["path"])
    packages = {name: distribution.version for name, distribution in sorted(present.items())}
    entries = apis.of(packages, f"{where} ({path})")
    missing = [name for name in NEEDED if name not in packages]
    if missing:
        raise ConfigError(where, f"{path} has no {' and no '.join(missing)}", install(path, missing))
    content = {name: distributions.identity(distribution) for name, distribution in sorted(present.items())}
    facts = [told["implementation"], told["python"], told["machine"], content]
    return {
        "id": id_,
        "title": f"{apis.in_words(entries)}, in {path} (Python {told['python']}), taken as it is",
        "python": [".".join(told["python"].split(".")[:2])],
        "requirements": [],
        "excludes": [],
        "apis": entries,
        "tensorflow": entries["tf1"]["version"],
        "packages": packages,
        "identity": hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest(),
        "interpreter": path,
        "folders": [folder for folder in dict.fromkeys(told["path"]) if installed.has_distributions(folder)],
        "freeze": [f"{name}=={version}" for name, version in packages.items()],
    }


def _ask(path, where):
    """What the interpreter says of itself. Raises host.schemas.ConfigError."""
    if not os.path.isfile(path):
        inside = os.path.join(path, "bin", "python")
        problem = f"{path} is a folder" if os.path.isdir(path) else f"there is no file {path}"
        remedy = inside if os.path.isfile(inside) else "the path of an interpreter, such as .venv/bin/python"
        raise ConfigError(where, problem, f"Write {remedy}.")
    try:
        # with the variables of a step: PYTHONPATH is a part of what is found
        told = json.loads(interpreters.run([path, "-c", PROBE], timeout=60, variables=os.environ).splitlines()[-1])
        version = tuple(int(number) for number in told["python"].split(".")[:2])
    except Failed as error:
        said = str(error).splitlines()[-1].replace(PROBE, "...")[-200:]
        raise ConfigError(where, f"{path} does not run as Python ({said})", "Name another interpreter.") from None
    except (ValueError, LookupError, TypeError):
        raise ConfigError(where, f"{path} is not Python", "Name another interpreter.") from None
    if version < OLDEST or told["implementation"] != "CPython":
        problem = f"{path} is {told['implementation']} {told['python']}"
        raise ConfigError(where, problem, f"The steps need CPython {'.'.join(map(str, OLDEST))} or newer.")
    return told


def install(path, names):
    """The remedy for missing packages."""
    return f"Install what is missing: {path} -m pip install {' '.join(names)} (or uv pip install --python {path} ...)."


def check(spec):
    """{module: version}, from an import of each module that the apis name. Raises Failed if no Keras imports.

    One of two Keras may be broken: the cells of the other are judged. Each of its own steps says what is wrong.
    """
    keras = dict.fromkeys(entry["module"] for entry in spec["apis"].values() if entry["module"] != "tensorflow")
    try:
        return _imported(spec, keras)
    except Failed as error:
        working, last = {}, error
        for module in keras if len(keras) > 1 else ():
            try:
                working.update(_imported(spec, [module]))
            except Failed as error_of_one:
                last = error_of_one
        if not working:
            raise last from None
        return working


def _imported(spec, modules):
    variables = {name: value for entry in spec["apis"].values() for name, value in entry["variables"].items()}
    command = [spec["interpreter"], "-c", CHECK, "tensorflow", *modules, *NEEDED]
    return json.loads(interpreters.run(command, timeout=300, variables=variables).splitlines()[-1])


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what host.environments.own has written of the interpreter")
    parser.add_argument("--out", type=Path, required=True, help="environment.json")
    args = parser.parse_args(argv)
    spec = read_json(args.file)
    try:
        versions = check(spec)
    except Failed as error:
        last = str(error).splitlines()[-1]
        print(f"{error}\nerror: what is installed for {spec['interpreter']} does not import: {last}", file=sys.stderr)
        return 1
    # nothing that depends on the time: of an environment that is what it was once, no cell runs again
    kept = {key: spec[key] for key in ("title", "tensorflow", "apis", "identity", "interpreter", "folders", "freeze")}
    stamp = {"environment": spec["id"], "outcome": "taken", "versions": versions, **kept}
    write_json(str(args.out), stamp)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
