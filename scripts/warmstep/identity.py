"""How client and server notice that a file was replaced or changed. Standard library only, Python 3.7 to today."""

import os


def identity(path):
    """[inode, modification time] of a file or folder (path or descriptor); None if it does not exist."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return [stat.st_ino, stat.st_mtime_ns]
