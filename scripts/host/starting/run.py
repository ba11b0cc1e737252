"""Snakemake, started by `make`: what it would say in other words, or not at all, is looked at first.

    PYTHONPATH=scripts python -m host.starting.run --cores 2 ...        arguments as Snakemake takes them

Snakemake reads the files of --configfile, and looks for the plugin of --profile or --executor, before it reads the
Snakefile: of a file that is no YAML it does not say which, one that is not there ends in its traceback, and for a
plugin that is not installed it prints all its options.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from host.schemas import ConfigError, load_yaml
from host.starting import layers

#: executors that Snakemake has itself
BUILT_IN = ("local", "dryrun", "touch")


def check(arguments):
    """Raise ConfigError where Snakemake would not come as far as the Snakefile."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--configfile", "--configfiles", nargs="+", action="extend", default=[])
    parser.add_argument("--profile")
    parser.add_argument("--executor", "-e")
    given, _ = parser.parse_known_args(arguments)
    for file in given.configfile:
        layers.content(file)
    profile = Path(given.profile or "", "config.yaml")
    chosen = given.executor or (load_yaml(profile).get("executor") if given.profile and profile.exists() else None)
    if chosen and chosen not in BUILT_IN and not importlib.util.find_spec(plugin(chosen)):
        where = "--executor" if given.executor else f"{profile}, executor"
        problem = f"the plugin for {chosen} is not installed"
        raise ConfigError(where, problem, "`make cluster` installs the one for SLURM (docs/cluster.md).")


def plugin(executor):
    """The module of an executor's plugin."""
    return f"snakemake_executor_plugin_{executor.replace('-', '_')}"


def main(argv, wait=False):
    """Run Snakemake; ``wait``: in a process of its own, whose exit code is returned."""
    try:
        check(argv)
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    os.environ.pop("PYTHONPATH", None)  # ours: the rules set it where it is wanted
    command = [sys.executable, "-m", "snakemake", *argv]
    return subprocess.call(command) if wait else os.execv(sys.executable, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
