"""What is read of a stranger's file before any job starts: never more than a configuration can be.

A file can be made to fill memory: JSON of gigabytes, an archive that unpacks to them, an attribute that declares them.
So sizes are looked at first. What cannot be known first is limited by the process that reads (host.brought.apart).
"""

import contextlib
import json
import mmap

#: bytes; the largest configurations that Keras writes are a few megabytes
LIMIT = 100_000_000
#: bytes of a graph: https://protobuf.dev/programming-guides/proto-limits/#total
GRAPH = 1 << 31


class Unsupported(ValueError):
    """What is wrong with the user's path, as a part of a sentence; and what to do."""

    def __init__(self, problem, remedy="docs/your_artifact.md lists what can be read."):
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def refuse_large(what, size, kind="configuration", limit=LIMIT):
    """Raise Unsupported where something is larger than any of its kind can be."""
    if size > limit:
        raise Unsupported(f"{what} has {size:,} bytes: no {kind} has more than {limit:,}")


def content(path):
    """The bytes of a file that is to be a configuration. Raises Unsupported."""
    refuse_large(path, path.stat().st_size)
    return path.read_bytes()


def member(archive, name):
    """The bytes of a file in a zip archive, of which no more is unpacked than it declares. Raises Unsupported."""
    refuse_large(f"{name} in {archive.filename}", archive.getinfo(name).file_size)
    return archive.read(name)


def attribute(file, name):
    """The text of an HDF5 attribute; None where there is none, or no text. Raises Unsupported."""
    if name not in file.attrs:
        return None
    what = f"{name} in {file.filename}"
    refuse_large(what, file.attrs.get_id(name).get_storage_size())
    value = text(file.attrs[name])
    refuse_large(what, len(value or ""))  # a text of variable length lies elsewhere in the file
    return value


def text(value):
    """A text; None for anything else."""
    value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return value if isinstance(value, str) else None


def parsed(value):
    """The object that a text in JSON holds; None where it holds none, or cannot be parsed (a reader will say so)."""
    value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    try:
        found = json.loads(value) if value else None
    except (ValueError, RecursionError):  # no JSON, or nested deeper than it can be read
        return None
    return found if isinstance(found, dict) else None


@contextlib.contextmanager
def mapped(path):
    """The bytes of a file of any size, to search in: they are not in memory all at once."""
    with path.open("rb") as f:
        if path.stat().st_size == 0:
            yield b""
            return
        with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as content_:
            yield content_


def holds(path, words):
    """Whether a file of any size holds these bytes."""
    with mapped(path) as content_:
        return content_.find(words) >= 0
