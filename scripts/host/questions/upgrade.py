"""An artifact of one runtime, wanted in another: the ways that there are, straight and over a bridge.

A way is a cell of the matrix, or a bridge: a third runtime loads the artifact and saves it again in another
format, and the target reads that. Which bridges there are follows from what the members declare.
"""

from host import schemas
from host.select import matrix, pairs
from host.select.cells import Bridge
from host.select.selection import one, select
from roundtrip import members


def question(configuration, known, file):
    """The ``upgrade`` of the configuration, its ids checked and defaults worked out; None without one.

    Adds the block of its straight ways to ``matrix``. Raises host.schemas.ConfigError.
    """
    schemas.validate(configuration, "config", file)
    asked = configuration.get("upgrade")
    if not asked:
        return None
    for key, there in (("from", known), ("to", known), ("format", _ids("formats")), ("use", _ids("uses"))):
        one(asked[key], there, schemas.place(file, "upgrade", key))
    models = select(asked["models"], _ids("models"), schemas.place(file, "upgrade", "models"))
    others = beside(asked, known)
    via = select(asked.get("via", [asked["from"], *others]), known, schemas.place(file, "upgrade", "via"))
    asked = dict(asked, models=models, via=[v for v in via if v != asked["to"]], beside=others)
    configuration["matrix"] = [*configuration["matrix"], straight(asked)]
    return asked


def _ids(kind):
    return members.names(kind)


def answers(cell, asked):
    """Whether a cell of the matrix is a straight way of the question."""
    here = cell.producer == asked["from"] and cell.consumer in [asked["to"], *asked["beside"]]
    return here and (cell.format, cell.use) == (asked["format"], asked["use"]) and cell.model in asked["models"]


def straight(asked):
    """The block of the matrix that reads the artifact as it is: in the target, and in what else lies beside it."""
    return {
        "pairs": [[asked["from"], reader] for reader in [asked["to"], *asked["beside"]]],
        "models": asked["models"],
        "formats": [asked["format"]],
        "uses": [asked["use"]],
    }


def beside(asked, known):
    """What else the target's environment offers to such an artifact.

    With the start, it is also where a bridge is looked for; runtimes in between must be named, for each is an
    environment to be built.
    """
    start, end = known[asked["from"]], known[asked["to"]]
    fit = (start.api, *pairs.SUCCESSORS.get(start.api, ()))
    here = [r for r in known.values() if r.environment == end.environment and r.api in fit]
    return [r.id for r in here if r.id not in (start.id, end.id)]


def bridges(asked, known):
    """Every Bridge that answers the question."""
    found = []
    for via in asked["via"] if asked else ():
        first = _first_loader(asked, known, via)
        if not first:
            continue
        block = {
            "producers": [via],
            "consumers": {via: [asked["to"]]},
            "models": asked["models"],
            "modifiers": ["none"],
            "formats": [f for f in _ids("formats") if _saves_again(f) and (via, f) != (asked["from"], asked["format"])],
            "loaders": _ids("loaders"),
            "uses": [asked["use"]],
        }
        cells, _ = matrix.expand([block], known)
        head = asked["from"], "none", asked["format"], via
        found += [Bridge(head[0], c.model, *head[1:], first[c.model], *c[3:]) for c in cells if c.model in first]
    return found


def _first_loader(asked, known, via):
    """{model: the loader by which a runtime reads the artifact to save it again}.

    The one that takes most from the artifact and needs least beside it; of equals one that builds the optimizer first,
    so that its state can be read, and then the one with the shortest name.
    """
    block = {
        "producers": [asked["from"]],
        "consumers": {asked["from"]: [via]},
        "models": asked["models"],
        "modifiers": ["none"],
        "formats": [asked["format"]],
        "loaders": _ids("loaders"),
        "uses": ["resume"],  # gives a model that can be trained, and so one that can be saved whole
    }
    best = {}
    for cell in matrix.expand([block], known)[0]:
        loader = members.member("loaders", cell.loader)
        rank = len(loader.SUPPLIES) - len(loader.RESTORES), not loader.BUILDS_OPTIMIZER, len(cell.loader)
        best[cell.model] = min(best.get(cell.model, (rank, cell.loader)), (rank, cell.loader))
    return {model: loader for model, (_, loader) in best.items()}


def _saves_again(name):
    """Whether a format writes weights or more from a live model, and is the plainest of those with its layout."""
    fmt = members.member("formats", name)
    return hasattr(fmt, "save") and fmt.LAYOUT == name and "weights" in fmt.CARRIES
