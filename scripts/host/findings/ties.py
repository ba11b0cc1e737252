"""Which findings a bad cell belongs to. An id depends on the cell alone, so it is the same in every run.

The expectation that explains a cell is the strongest tie: it names its findings. A cell that no expectation explains
is tied to the cells that fail alike: the same apis, the same stage and words of the exception, or, where it did not
fail, the same layout of the artifact and the same facets lost.
"""

import functools
import hashlib
import re

from host.findings import wording
from roundtrip import members

LENGTH = 60  # of the readable part of an id
#: what differs between two exceptions of the same kind: quoted names, angle brackets, paths, numbers
_VARYING = re.compile(r"""(?<!\w)(['"`])(?:(?!\1).){1,300}\1(?!\w)|<[^<>]*>|(?:/[\w.~-]+){2,}/?|\d[\d.,x()]*""")


def ties(cell):
    """[{"id", "name", ...}] of a bad cell, as its expectation declares them, or as its way to fail gives them."""
    entry = cell["expectation"]
    if entry is None:
        return [unexplained(cell)]
    return entry.get("findings") or [named(wording.first_sentence(entry["reason"]))]


def unexplained(cell):
    """The finding of a cell that no expectation explains."""
    apis = wording.apis(cell["cell"])
    if cell["stage"]:
        return named(f"{apis}: {wording.STEP.get(cell['stage'], cell['stage'])} {failure(cell)}")
    lost = wording.facets(cell["first_lost"]) or "what was promised"
    return named(f"{apis}, {layout(cell['cell']['format']).replace('_', ' ')}: loses {lost}")


def failure(cell):
    """How a cell failed, without what differs between cells that fail alike."""
    error = cell.get("error") or {}
    words = normalized(error.get("message") or "")
    if not words:
        return f"{wording.ENDS.get(cell['outcome'], cell['outcome'])}, {layout(cell['cell']['format'])}"
    return f"raises {error.get('type') or 'an error'}: {words}"


def normalized(message):
    """The first sentence of a message without names in quotes, paths and numbers.

    A message of AutoGraph begins with "in user code:", and its last line is what was raised.
    """
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [""]
    line = lines[-1] if lines[0].endswith(":") else lines[0]
    first = re.split(r"[.!?]\s", _VARYING.sub("…", line), maxsplit=1)[0]
    return " ".join(first.split())[:120].rstrip(" .:…")


def named(name):
    """A finding that is known by its name alone. The end of the id tells apart names that begin alike."""
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower())[:LENGTH].strip("-")
    return {"id": f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-"), "name": name}


@functools.cache  # names lists a folder
def layout(format_):
    """The layout of a format's artifact: formats of one layout lose alike. A brought artifact's format is its own."""
    if format_ not in members.names("formats"):
        return format_
    return members.member("formats", format_).LAYOUT
