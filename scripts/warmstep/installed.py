"""Whether an environment is still what was built or taken: packages that were moved away, changed or added since.

A package that is gone makes a load fail, and that would be said of Keras. Asked before every step, so this imports
nothing but ``os`` (0.6 ms in all); ``packages`` looks more closely, after a failure.

A *taken* environment is an interpreter of the user (host.environments.taken). Its packages may change at any time, and
then it is another environment. Each run begins with what is installed; within the run, that must stay.
"""

import os

#: beside the environment's stamp: the names of what lies in its folders of packages, a line each. A line that ends in
#: ``/`` is the folder of the lines after it; before the first one, the folder is that of the venv that was built.
LISTING = "site_packages.txt"
#: what runs leave there, and tools that are no package
IGNORED = ("__pycache__", "_virtualenv.py", "_virtualenv.pth")


def site_packages(root):
    """The folder of the packages of an environment that was built."""
    library = os.path.join(root, "venv", "lib")
    for name in sorted(os.listdir(library)) if os.path.isdir(library) else ():
        if name.startswith("python3"):
            return os.path.join(library, name, "site-packages")
    return library


def entries(folder):
    """The names of what lies there, sorted: packages, modules, and a folder for each version that is installed."""
    return sorted(name for name in os.listdir(folder) if name not in IGNORED) if os.path.isdir(folder) else []


def has_distributions(folder):
    """Whether packages are installed in a folder: a project's folder on the path is another thing."""
    return any(name.endswith(".dist-info") for name in entries(folder))


def listing(folders):
    """The text that stands for what lies in these folders."""
    return "\n".join(line for folder in folders for line in (folder + "/", *entries(folder)))


def recorded(root):
    """{folder: names} as they were built or taken; empty where that was not recorded."""
    try:
        with open(os.path.join(root, LISTING), encoding="utf-8") as f:
            lines = f.read().split("\n")
    except OSError:
        return {}
    folder, names = site_packages(root), {}
    for line in lines:
        if line.endswith("/"):
            folder = line[:-1]
        names.setdefault(folder, []).extend([] if line.endswith("/") else [line])
    return names


def damage(root):
    """How an environment differs from what was recorded, in words; empty where it does not, or was not recorded."""
    gone, new = [], []
    for folder, names in recorded(root).items():
        present = entries(folder)
        gone += [f"{name} is missing" for name in names if name not in present]
        new += [f"{name} was added" for name in present if name not in names]
    return in_short(gone + new)


def in_short(lines, most=3):
    """The first lines as a sentence, and how many more there are."""
    more = len(lines) - most
    return ", ".join(lines[:most]) + (f" and {more} more" if more > 0 else "")


def is_taken(root):
    """Whether the environment is an interpreter of the user, and no venv that was built there."""
    folders = recorded(root)
    return bool(folders) and site_packages(root) not in folders


def message(root, words):
    """What a reader is told, with the remedy."""
    id_ = os.path.basename(root)
    if is_taken(root):
        remedy = "Run again: its cells are then judged with what is installed now."
        return f"The environment {id_} was changed since the run began: {words}. {remedy}"
    remedy = f"Put it back as it was, or remove {root} and run again, which builds it anew."
    return f"The environment {id_} is not what was built: {words}. {remedy}"
