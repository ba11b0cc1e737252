"""One upgrade as a question on the command line: `make upgrade FROM=... TO=... FORMAT=... USE=...`.

    PYTHONPATH=scripts python -m host.upgrade.ask --from tf2.15-keras2 --to tf2.21-keras3 --format h5 --use resume
        [--models a,b | file.py:function] [--data file.npz] [--via a,b] [--configfile FILE] --cores 2 ...

The rest of the arguments is Snakemake's. What is left empty is taken from the configuration's ``upgrade``, else from
the defaults. The answer is printed even if nothing was left to run.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from host.report.watch import modified
from host.schemas import ConfigError
from host.starting import check, layers, run

#: what is asked where neither the command line nor a configuration file says it
DEFAULTS = {"from": "tf2.15-keras2", "to": "tf2.21-keras3", "format": "h5", "use": "resume"}
PAGE, TEXT = "results/report/upgrade.html", "results/report/upgrade.txt"


def configuration(given, asked):
    """The ``--config`` of Snakemake as {key: value}.

    Parameters
    ----------
    given : argparse.Namespace
        ``models`` may name a function of the user, as ``file.py:function``.
    asked : bool
        Whether a configuration file holds a question, which the command line may change.
    """
    upgrade = {key: getattr(given, key) or ("" if asked else default) for key, default in DEFAULTS.items()}
    if given.via:
        upgrade["via"] = given.via.split(",")
    found = {}
    if ":" in given.models:
        found["models"] = check.configuration(given.models, given.data)
        upgrade["models"] = list(found["models"])
    elif given.models:
        upgrade["models"] = given.models.split(",")
    upgrade = {key: value for key, value in upgrade.items() if value}
    return {"matrix": [], **found, **({"upgrade": upgrade} if upgrade else {})}


def main(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    for name in (*DEFAULTS, "models", "data", "via"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--configfile", default="")
    given, rest = parser.parse_known_args(argv)
    files = ["--configfile", given.configfile] if given.configfile else []
    try:
        asked = bool(files) and "upgrade" in layers.content(given.configfile)
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    options = [f"{key}={json.dumps(value)}" for key, value in configuration(given, asked).items()]
    begin = time.time()
    code = run.main(["--config", *options, *files, *rest, "--", PAGE], wait=True)
    if not code and modified(TEXT) < begin:  # nothing was left to run
        print(f"\n{Path(TEXT).read_text(encoding='utf-8')}\nPage: {PAGE}")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
