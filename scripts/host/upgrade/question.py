"""The ways to take an artifact from one runtime to another: straight, or over a bridge.

A straight way is a cell of the matrix. On a bridge, a third runtime loads the artifact and saves it again in another
format, and the target reads the new artifact. The possible bridges follow from what the members declare.
"""

import ast
from pathlib import Path

from host import schemas
from host.select import matrix, pairs, user_code
from host.select.cells import Bridge
from host.select.selection import one, select
from roundtrip import members

#: what the answer says of an environment
FACTS = ("title", "python", "requirements", "tensorflow", "apis")
DEFINITIONS = (ast.ClassDef, ast.FunctionDef)
#: the model of the question where none is named and the configuration brings none
MODEL = "dense_regression"


def question(configuration, known, file, own=None):
    """The ``upgrade`` of the configuration, with ids checked and defaults filled in; None if there is none.

    Adds a block for the straight ways to the configuration's ``matrix``. ``own``: {id: host.select.subjects.Model} of
    the models that the user brings. Raises host.schemas.ConfigError.
    """
    schemas.validate(configuration, "config", file)
    upgrade = configuration.get("upgrade")
    if not upgrade:
        return None
    for key, ids in (("from", known), ("to", known), ("format", _ids("formats")), ("use", _ids("uses"))):
        one(upgrade[key], ids, schemas.place(file, "upgrade", key))
    chosen = upgrade.get("models", list(own or ()) or MODEL)
    models = select(chosen, [*_ids("models"), *(own or ())], schemas.place(file, "upgrade", "models"))
    others = beside(upgrade, known)
    via = select(upgrade.get("via", [upgrade["from"], *others]), known, schemas.place(file, "upgrade", "via"))
    custom = [id_ for id_ in models if has_custom_objects(id_, own or {})]
    builds = {id_: own[id_].TITLE for id_ in models if id_ in (own or {})}
    via = [v for v in via if v != upgrade["to"]]
    upgrade = dict(upgrade, models=models, via=via, beside=others, custom=custom, builds=builds)
    configuration["matrix"] = [*configuration["matrix"], straight(upgrade)]
    return upgrade


def has_custom_objects(id_, own):
    """Whether the code of a model defines layers or functions of its own."""
    if id_ not in own:
        return hasattr(members.member("models", id_), "custom_objects")
    described = own[id_].described
    named = {described["build"][1], (described["data"] or [None, None])[1]}
    trees = [user_code.parsed(Path(file)) for file in described["files"] if file.endswith(".py")]
    defined = {node.name for tree in trees if tree for node in tree.body if isinstance(node, DEFINITIONS)}
    return bool(defined - named)


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


def environments(question, declared):
    """Of {id: environment}, those of the question's runtimes."""
    runtimes = [question["from"], question["to"], *question["via"], *question["beside"]] if question else []
    ids = {runtime.rpartition("-")[0] for runtime in runtimes}
    return {id_: {key: e.get(key) for key in FACTS} for id_, e in declared.items() if id_ in ids}


def bridges(question, known, own=None):
    """Every Bridge from the start to the target; ``own`` as of ``question``."""
    possible, models = [], [(own or {}).get(id_, id_) for id_ in question["models"]] if question else []
    for via in question["via"] if question else ():
        first = _first_loaders(question, known, via, models)
        if not first:
            continue
        block = {
            "producers": [via],
            "consumers": {via: [question["to"]]},
            "models": models,
            "modifiers": ["none"],
            "formats": [
                f for f in _ids("formats") if _saves_again(f) and (via, f) != (question["from"], question["format"])
            ],
            "loaders": _ids("loaders"),
            "uses": [question["use"]],
        }
        cells, _ = matrix.expand([block], known)
        head = question["from"], "none", question["format"], via
        pairs_of = [(c, name) for c in cells for name in first.get(c.model, ()) if not _rescued_twice(name, c.loader)]
        possible += [Bridge(head[0], c.model, *head[1:], name, *c[3:]) for c, name in pairs_of]
    return possible


def _rescued_twice(*loaders):
    """A bridge by keras_rescue leads to what the target reads by itself."""
    return all(members.member("loaders", loader).RESCUES for loader in loaders)


def _first_loaders(question, known, via, models):
    """{model: the loaders by which the runtime ``via`` reads the artifact to save it again}.

    The loader of Keras that restores most from the artifact and needs least from the code, and the same of those that
    rescue. Of several, one that builds the optimizer first, so that its state can be restored; for a model with classes
    of its own, one that is given them; then the one with the shortest name.
    """
    block = {
        "producers": [question["from"]],
        "consumers": {question["from"]: [via]},
        "models": models,
        "modifiers": ["none"],
        "formats": [question["format"]],
        "loaders": _ids("loaders"),
        "uses": ["resume"],  # only a model that can be trained can be saved completely
    }
    best = {}
    for cell in matrix.expand([block], known)[0]:
        loader = members.member("loaders", cell.loader)
        unfit = ("custom_objects" in loader.WANTS) != (cell.model in question["custom"])
        rank = len(loader.SUPPLIES) - len(loader.RESTORES), not loader.BUILDS_OPTIMIZER, unfit, len(cell.loader)
        found = best.setdefault(cell.model, {})
        found[loader.RESCUES] = min(found.get(loader.RESCUES, (rank, cell.loader)), (rank, cell.loader))
    return {model: [loader for _, loader in found.values()] for model, found in best.items()}


def _saves_again(name):
    """Whether a format saves at least the weights of a live model, and is the basic format of its layout."""
    fmt = members.member("formats", name)
    return hasattr(fmt, "save") and fmt.LAYOUT == name and "weights" in fmt.CARRIES
