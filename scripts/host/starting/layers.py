"""The files that a configuration is laid together from, read beside Snakemake: which of them holds a key?"""

import os

from host.schemas import COMMAND_LINE, ConfigError, Files, load_yaml

#: the key by which Snakemake renders a YAML file as a template whose expressions are Python
TEMPLATE = "__use_yte__"


def read(first, others, command_line):
    """The host.schemas.Files of a run.

    Parameters
    ----------
    first : str
        The file that the Snakefile names; Snakemake does without it where others are given.
    others : iterable of path
        Those of ``--configfile``.
    command_line : mapping
        What ``--config`` says.

    Raises host.schemas.ConfigError where one is no YAML, no mapping, or a template.
    """
    there = [first] if os.path.exists(first) or not others else []
    named = {short(path): content(path) for path in (*there, *others)}
    return Files({**named, COMMAND_LINE: dict(command_line)} if command_line else named)


def content(path):
    """The mapping that a file holds. Raises host.schemas.ConfigError."""
    name = short(path)
    found = load_yaml(name)
    if not isinstance(found, dict):
        problem = f"it holds {'nothing' if found is None else repr(found)}"
        raise ConfigError(name, problem, "Write keys, as config/README.md lists them, each with its value.")
    if TEMPLATE in found:
        problem = "a configuration is data here, and with this key Snakemake runs it as code"
        raise ConfigError(f"{name}, {TEMPLATE}", problem, "Remove the key, and write out what the file renders to.")
    return found


def short(path):
    """A path as messages name it: from here or from the root, whichever is shorter."""
    return min(str(path), os.path.relpath(path), key=len)
