"""What a configuration is called by: its report is kept under this name, beside those of other configurations."""

import hashlib
import json
import os
import re
import shlex
from pathlib import Path

#: the name of a run without --configfile
DEFAULT = "config"


def options(files, command_line):
    """The options by which a command gets the same configuration: ``--configfile mine.yaml --config seed=3``."""
    values = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in command_line.items()]
    words = [word for file in files for word in ("--configfile", os.path.relpath(file))]
    return shlex.join(words + (["--config", *values] if values else []))


def name(files, command_line):
    """The stems of its files: ``config``, ``wide``, ``mine``, ``mine-more``.

    A digest follows where the stems do not say it all: with ``--config``, and of a file that lies neither in the
    project's folder nor in config/, or that has a namesake there.
    """
    paths = [Path(os.path.relpath(file)) for file in files]
    stems = [re.sub(r"[^\w.]+", "_", path.stem) for path in paths] or [DEFAULT]
    elsewhere = [str(path) for path in paths if not _is_plain(path)]
    told = [elsewhere, dict(command_line)] if elsewhere or command_line else None
    return "-".join([*stems, *([digest(told)] if told else [])])


def _is_plain(path):
    """Whether the stem of a file is enough."""
    return str(path.parent) == "config" or (str(path.parent) == "." and not Path("config", path.name).exists())


def digest(value):
    """Six digits that stand for a value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:6]
