"""Ways around: cells of the same model, runtimes and use that were run and kept what is needed."""

import functools
import inspect
import re

from roundtrip import members

#: the axes that a way around shares with the cell; format and loader are what it changes
SAME = ("producer", "consumer", "model", "modifier", "use")


def question(cell):
    """What is asked of a cell, whatever the format and the loader: it can group the cells that ``around`` is given."""
    return tuple(cell["cell"][axis] for axis in SAME)


def around(cell, cells):
    """The ways around a cell among ``cells``: judged cells with the same SAME axes that keep all of its needs.

    A way around was loaded and used, something was compared, and it lost no facet that the cell's documentation
    promises. The best come first: those that lost nothing at all; then the same format by another loader; then the
    loader that needs least of the user's code; then the shortest names.
    """
    needed = {name for name, promised in (cell.get("promised") or {}).items() if promised}
    needed |= {name for name, facet in (cell.get("facets") or {}).items() if facet.get("promised")}
    ways = [other for other in cells if question(other) == question(cell) and _keeps(other, needed)]
    return sorted(ways, key=lambda other: _rank(other, cell))


def _keeps(other, needed):
    compared = [n for n, f in other["facets"].items() if f.get("status") in ("identical", "close")]
    good = other["verdict"] in ("kept", "not_promised_there", "not_promised_random", "not_promised_lost")
    return good and bool(compared) and not needed & set(other["gone"])


def _rank(other, cell):
    axes = other["cell"]
    changed = axes["format"] != cell["cell"]["format"], axes["loader"] != cell["cell"]["loader"]
    return len(other["gone"]), *changed, *_code(axes["loader"]), len(axes["loader"]), axes["format"], axes["loader"]


@functools.cache  # names lists a folder
def _code(loader):
    """(how much of a model the user's code supplies with a loader, whether a file must be copied for it)."""
    if loader not in members.names("loaders"):
        return 0, False
    member = members.member("loaders", loader)
    return len(member.SUPPLIES), member.RESCUES


def steps(axes):
    """What is done on a path, in two sentences with their code: how it is saved, and how it is loaded."""
    return [_first(kind, axes[axis]) for axis, kind in (("format", "formats"), ("loader", "loaders"))]


def _first(kind, name):
    """The first sentence of a member's description, with code as Markdown has it."""
    if name not in members.names(kind):
        return name
    text = inspect.getdoc(members.member(kind, name)).partition("\n\n")[0]
    return re.sub(r"``([^`]*)``", r"`\1`", " ".join(text.split())).rstrip(".") + "."
