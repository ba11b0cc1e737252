"""Since and until which version: proved by the cells of several runtimes, or given by the expectations' ranges.

A version counts as proved where the same path was kept on its other side. Otherwise a version was only seen.
"""

import functools

from packaging.version import Version

from host.findings import wording

#: key of an expectation's match -> what its range is about
RANGES = {
    "keras": "read by Keras",
    "tensorflow": "read by TensorFlow",
    "producer_keras": "written by Keras",
    "producer_tensorflow": "written by TensorFlow",
}
#: an operator of a version range -> the words for it
WORDS = {">=": "since", ">": "after", "<": "before", "<=": "until", "==": "in", "!=": "not in", "~=": "in"}
PATH = ("model", "modifier", "format", "loader", "use")


def timeline(cells):
    """{path: [(version, verdict)]} of the cells that one runtime both wrote and read."""
    paths = {}
    for cell in cells:
        for version in _own(cell):
            paths.setdefault(path(cell["cell"]), []).append((version, cell["verdict"]))
    return paths


def path(axes):
    """A path without its versions; another api has other paths."""
    return (wording.apis(axes), *(axes[axis] for axis in PATH))


def versions(cells, paths):
    """What is known of versions, for each pair of apis: {"apis", "seen", "since", "until", "range"}.

    ``since`` and ``until`` are {"bad", "kept"}: the first or last version that was bad, and its nearest neighbour that
    kept the same path. ``range`` is what all expectations of these cells say, in words. Each is None if not known.
    """
    groups = {}
    for cell in cells:
        groups.setdefault(wording.apis(cell["cell"]), []).append(cell)
    return [_of_apis(name, some, paths) for name, some in groups.items()]


def _of_apis(name, cells, paths):
    bad = [(v, path(cell["cell"])) for cell in cells for v in _own(cell)]
    first, last = min(bad, default=(None,))[0], max(bad, default=(None,))[0]
    earlier = [v for v in _kept(first, bad, paths) if v < first]
    later = [v for v in _kept(last, bad, paths) if v > last]
    ranges = {_range(cell.get("expectation")) for cell in cells}
    return {
        "apis": name,
        "seen": _seen(cells),
        "since": {"bad": str(first), "kept": str(max(earlier))} if earlier else None,
        "until": {"bad": str(last), "kept": str(min(later))} if later else None,
        "range": ranges.pop() if len(ranges) == 1 else None,
    }


def _kept(version, bad, paths):
    """The versions that kept one of the paths that were bad in a version."""
    same = {path_ for v, path_ in bad if v == version}
    return [v for path_ in same for v, verdict in paths[path_] if verdict == "kept"]


def _own(cell):
    """The version of a cell that one runtime both wrote and read, as far as it is known."""
    if cell["cell"]["producer"] == cell["cell"]["consumer"]:
        yield from of(cell)


def of(cell):
    """The versions of a cell's writer and reader, once if they are the same; a brought artifact has the reader's."""
    return tuple(map(_parsed, dict.fromkeys((cell.get("versions") or {}).values())))


@functools.cache  # a run has few versions, and many cells of each
def _parsed(version):
    return Version(version)


def _seen(cells):
    """The versions, or pairs of versions, in which the cells are bad, in order."""
    return [" → ".join(map(str, some)) for some in sorted({of(cell) for cell in cells} - {()})]


def _range(entry):
    """An expectation's version ranges in words: ``read by Keras since 3.11.3``; None if it has none."""
    match = (entry or {}).get("match", {})
    texts = [f"{what} {_worded(match[key])}" for key, what in RANGES.items() if key in match]
    return ", ".join(texts) or None


def _worded(versions_):
    parts = [part.strip() for part in versions_.split(",")]
    return ", ".join(_part(part) for part in sorted(parts, reverse=True))  # ">=" before "<"


def _part(part):
    operator = next(o for o in sorted(WORDS, key=len, reverse=True) if part.startswith(o))
    return f"{WORDS[operator]} {part.removeprefix(operator).strip()}"


def text(facts):
    """What is known of the versions of one pair of apis, in a sentence."""
    seen = f"seen in {', '.join(facts['seen']) or 'a version that is not known'}"
    since = f"since {facts['since']['bad']} ({facts['since']['kept']} keeps it)" if facts["since"] else ""
    until = f"until {facts['until']['bad']} ({facts['until']['kept']} keeps it)" if facts["until"] else ""
    return f"{facts['apis']}: {', '.join(filter(None, (facts['range'], since, until, seen)))}"
