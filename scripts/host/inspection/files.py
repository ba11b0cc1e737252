"""The files of an artifact: what the other modules are given, and links that leave the artifact."""

import glob
import math
import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

HEAD = 1024
ITEM = 4  # bytes of a float32


class Door(NamedTuple):
    """What could run, read or write; where it lies; why it matters."""

    what: str
    where: str
    why: str


class File:
    """A file on disk or in an archive: its ``name`` below the artifact, ``size``, first bytes, ``limit`` of memory.

    Parameters
    ----------
    name : str
    size : int
    opener : callable
        Returns the content as a binary file.
    limit : int
    """

    def __init__(self, name, size, opener, limit):
        self.name, self.size, self.open, self.limit = name, size, opener, limit
        with opener() as f:
            self.head = f.read(HEAD)

    def read(self, most=None):
        """The whole content. Raises ValueError where it does not fit into memory, or is larger than such a file is."""
        if self.size > self.limit:
            raise ValueError(f"its {self.size:,} bytes are more than the memory limit")
        if most is not None and self.size > most:
            raise ValueError(f"its {self.size:,} bytes are more than the {most:,} that are looked at")
        with self.open() as f:
            return f.read()

    def ends(self, *endings):
        return self.name.lower().endswith(endings)


def walk(path, limit):
    """Files and Doors of an artifact: a file, a folder, or the files that begin with a checkpoint's prefix."""
    path = Path(path)
    if not path.exists() and not path.is_symlink():
        for other in sorted(glob.glob(glob.escape(str(path)) + "*")):
            yield from _entry(Path(other), path.parent, limit)
    elif path.is_dir():
        for folder, folders, names in os.walk(path):  # which follows no links
            for name in sorted(folders + names):
                yield from _entry(Path(folder, name), path, limit)
    else:
        yield from _entry(path, path.parent, limit)


def _entry(path, root, limit):
    """A file; or a Door for what is none."""
    name, mode = str(path.relative_to(root)), path.lstat().st_mode
    target = path.resolve()
    if stat.S_ISLNK(mode) and root.resolve() not in target.parents:
        yield Door("link that leaves the folder", name, f"it leads to {target}")
    elif stat.S_ISDIR(mode):
        return
    elif not stat.S_ISREG(path.stat().st_mode):
        yield Door("no regular file", name, "opening a pipe, a socket or a device waits or reaches a program")
    else:
        yield File(name, path.stat().st_size, lambda: open(path, "rb"), limit)


def links_out(files, roots):
    """{name: target} of the files that a link leads out of the folders that the user has named, or named a file in.

    Parameters
    ----------
    files : dict
        {name: absolute path}
    roots : list of str
        The user's own absolute paths. A file that is one of them may be a link.
    """
    named = {os.path.normpath(root) for root in roots}
    folders = [Path(root if os.path.isdir(root) else os.path.dirname(root)).resolve() for root in roots]
    targets = {name: Path(file).resolve() for name, file in files.items() if os.path.normpath(file) not in named}
    return {n: str(target) for n, target in targets.items() if not any(f in target.parents for f in folders)}


def too_large(sizes, where, limit):
    if math.prod(size for size in sizes if size > 0) * ITEM > limit:
        yield Door("shape bomb", where, f"it declares {sizes}, more than the memory limit of {limit:,} bytes")


def leaves(name):
    """Whether a path in an archive or a graph leaves the folder that it is to be in, on Linux or on Windows."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in (*posix.parts, *windows.parts)
