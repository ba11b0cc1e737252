"""Whether the files of an environment's packages are those that were installed. Imported only after a failure."""

import csv
import glob
import os

from warmstep import installed

#: endings of what an import loads. Other files are changed on some machines for good: a company adds its certificate
#: to certifi's
CODE = (".py", ".so")


def changed_files(root):
    """Each file that is missing, or that holds code and has not the size that its package recorded; with what is wrong.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    folder = installed.site_packages(root)
    for record in sorted(glob.glob(os.path.join(glob.escape(folder), "*.dist-info", "RECORD"))):
        with open(record, encoding="utf-8", newline="") as f:
            for row in csv.reader(f):
                if len(row) == 3 and row[2]:
                    size = size_of(os.path.join(folder, row[0]))
                    if size is None:
                        yield f"{row[0]} is missing"
                    elif size != int(row[2]) and (row[0].endswith(CODE) or ".so." in row[0]):
                        yield f"{row[0]} is changed"


def size_of(path):
    """Bytes, None where there is no such file."""
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def damage(root):
    """How an environment differs from what was recorded, in words, each file looked at; empty where it does not.

    What the user has changed in a taken environment is a part of it, so its files are not looked at.
    """
    files = () if installed.is_taken(root) else changed_files(root)
    return installed.damage(root) or installed.in_short(list(files))
