"""Whether an environment is still what was built: packages that were moved away, changed or added since.

A package that is gone makes a load fail, and that would be said of Keras. Asked before every step, so this imports
nothing but ``os`` (0.6 ms in all); ``packages`` looks more closely, after a failure.
"""

import os

#: beside the environment's stamp: the names of what lay in its site-packages, a line each
LISTING = "site_packages.txt"
#: what runs leave there, and tools that are no package
IGNORED = ("__pycache__", "_virtualenv.py", "_virtualenv.pth")


def root_of(python):
    """``results/environments/<id>`` of its interpreter ``<root>/venv/bin/python``."""
    return os.path.dirname(os.path.dirname(os.path.dirname(python)))


def site_packages(root):
    """The folder of the packages of an environment."""
    library = os.path.join(root, "venv", "lib")
    for name in sorted(os.listdir(library)) if os.path.isdir(library) else ():
        if name.startswith("python3"):
            return os.path.join(library, name, "site-packages")
    return library


def entries(root):
    """The names of what lies there, sorted: packages, modules, and a folder for each version that is installed."""
    folder = site_packages(root)
    return sorted(name for name in os.listdir(folder) if name not in IGNORED) if os.path.isdir(folder) else []


def damage(root):
    """How an environment differs from what was built, in words; empty where it does not, or was not recorded."""
    try:
        with open(os.path.join(root, LISTING), encoding="utf-8") as f:
            recorded = f.read().split("\n")
    except OSError:
        return ""
    present = entries(root)
    return in_short(
        [f"{name} is missing" for name in recorded if name not in present]
        + [f"{name} was added" for name in present if name not in recorded]
    )


def in_short(lines, most=3):
    """The first lines as a sentence, and how many more there are."""
    more = len(lines) - most
    return ", ".join(lines[:most]) + (f" and {more} more" if more > 0 else "")


def message(root, words):
    """What a reader is told, with the remedy."""
    id_ = os.path.basename(root)
    remedy = f"Put it back as it was, or remove {root} and run again, which builds it anew."
    return f"The environment {id_} is not what was built: {words}. {remedy}"
