"""Makes up the verdict of a cell, from which a reproduction is written."""

from helpers.places import ROOT
from host.environments.declared import load_all
from host.reproduce.__main__ import written
from host.select.cells import AXES
from roundtrip import members

SETTINGS = {"before": 5, "after": 1, "seconds": 60}
ENVIRONMENTS = load_all([ROOT / "envs"])


def verdict(cell, lost=None, kept=(), **more):
    """A verdict of a cell (axes joined by /): ``lost`` are the lost facets, by default all that the use compares."""
    axes = dict(zip(AXES, cell.split("/"), strict=True))
    lost = members.member("uses", axes["use"]).COMPARES if lost is None else lost
    facet = {"promised": True, "relevant": True, "link": "https://keras.io/promise", "detail": []}
    facets = {f: {**facet, "status": "different"} for f in lost} | {f: {**facet, "status": "identical"} for f in kept}
    made = {"cell": axes, "outcome": "loaded", "stage": None, "error": None, "verdict": "silent_loss", "reason": "lost"}
    titles = {axis: axes[axis] for axis in ("model", "format", "loader", "use", "modifier")}
    return {**made, "facets": facets, "records": {"observed": "abc"}, "titles": titles, **more}


def reproduction(judged, beside=None):
    """(text of the file, facts of claim.json) of a verdict, for environments as they are declared.

    ``beside``: the paths of what lies beside the file (host.reproduce.__main__.write).
    """
    named = [judged["cell"][axis].rpartition("-")[0] for axis in ("producer", "consumer")]
    facts = [{**ENVIRONMENTS[name or named[1]], "versions": {"tensorflow": "2"}} for name in named]
    return written(judged, facts, SETTINGS, beside)
