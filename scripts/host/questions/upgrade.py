"""The ways to take an artifact from one runtime to another: straight, or over a bridge.

A straight way is a cell of the matrix. On a bridge, a third runtime loads the artifact and saves it again in another
format, and the target reads the new artifact. The possible bridges follow from what the members declare.
"""

from host import schemas
from host.select import matrix, pairs
from host.select.cells import Bridge
from host.select.selection import one, select
from roundtrip import members


def question(configuration, known, file):
    """The ``upgrade`` of the configuration, with ids checked and defaults filled in; None if there is none.

    Adds a block for the straight ways to the configuration's ``matrix``. Raises host.schemas.ConfigError.
    """
    schemas.validate(configuration, "config", file)
    upgrade = configuration.get("upgrade")
    if not upgrade:
        return None
    for key, ids in (("from", known), ("to", known), ("format", _ids("formats")), ("use", _ids("uses"))):
        one(upgrade[key], ids, schemas.place(file, "upgrade", key))
    models = select(upgrade["models"], _ids("models"), schemas.place(file, "upgrade", "models"))
    others = beside(upgrade, known)
    via = select(upgrade.get("via", [upgrade["from"], *others]), known, schemas.place(file, "upgrade", "via"))
    upgrade = dict(upgrade, models=models, via=[v for v in via if v != upgrade["to"]], beside=others)
    configuration["matrix"] = [*configuration["matrix"], straight(upgrade)]
    return upgrade


def _ids(kind):
    return members.names(kind)


def answers(cell, question):
    """Whether a cell of the matrix is one of the straight ways."""
    here = cell.producer == question["from"] and cell.consumer in [question["to"], *question["beside"]]
    return (
        here and (cell.format, cell.use) == (question["format"], question["use"]) and cell.model in question["models"]
    )


def straight(question):
    """The block of the matrix for the straight ways: the target, and its other apis, read the artifact as it is."""
    return {
        "pairs": [[question["from"], reader] for reader in [question["to"], *question["beside"]]],
        "models": question["models"],
        "formats": [question["format"]],
        "uses": [question["use"]],
    }


def beside(question, known):
    """The other runtimes of the target's environment that can read such an artifact.

    These and the start are also the default runtimes of a bridge. Any other must be named in ``via``, because its
    environment has to be built.
    """
    start, end = known[question["from"]], known[question["to"]]
    fit = (start.api, *pairs.SUCCESSORS.get(start.api, ()))
    here = [r for r in known.values() if r.environment == end.environment and r.api in fit]
    return [r.id for r in here if r.id not in (start.id, end.id)]


def bridges(question, known):
    """Every Bridge from the start to the target."""
    possible = []
    for via in question["via"] if question else ():
        first = _first_loader(question, known, via)
        if not first:
            continue
        block = {
            "producers": [via],
            "consumers": {via: [question["to"]]},
            "models": question["models"],
            "modifiers": ["none"],
            "formats": [
                f for f in _ids("formats") if _saves_again(f) and (via, f) != (question["from"], question["format"])
            ],
            "loaders": _ids("loaders"),
            "uses": [question["use"]],
        }
        cells, _ = matrix.expand([block], known)
        head = question["from"], "none", question["format"], via
        possible += [Bridge(head[0], c.model, *head[1:], first[c.model], *c[3:]) for c in cells if c.model in first]
    return possible


def _first_loader(question, known, via):
    """{model: the loader by which the runtime ``via`` reads the artifact to save it again}.

    The loader that restores most from the artifact and needs least from the code. Of several, one that builds the
    optimizer first, so that its state can be restored; then the one with the shortest name.
    """
    block = {
        "producers": [question["from"]],
        "consumers": {question["from"]: [via]},
        "models": question["models"],
        "modifiers": ["none"],
        "formats": [question["format"]],
        "loaders": _ids("loaders"),
        "uses": ["resume"],  # only a model that can be trained can be saved completely
    }
    best = {}
    for cell in matrix.expand([block], known)[0]:
        loader = members.member("loaders", cell.loader)
        rank = len(loader.SUPPLIES) - len(loader.RESTORES), not loader.BUILDS_OPTIMIZER, len(cell.loader)
        best[cell.model] = min(best.get(cell.model, (rank, cell.loader)), (rank, cell.loader))
    return {model: loader for model, (_, loader) in best.items()}


def _saves_again(name):
    """Whether a format saves at least the weights of a live model, and is the basic format of its layout."""
    fmt = members.member("formats", name)
    return hasattr(fmt, "save") and fmt.LAYOUT == name and "weights" in fmt.CARRIES
