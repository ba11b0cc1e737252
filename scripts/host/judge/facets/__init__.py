"""Facets: what is compared of a model that came back. One file each.

A facet declares

``ORDER``         where it stands in every list, among the others
``MEANING``       what it is, in a sentence
``MUST_BE``       what counts as the same
``RESTS_ON``      the facets that it follows from: where all of them are promised it is promised too
``ANNOUNCED_BY``  a pattern (no matter which case) of the messages that announce its loss, beside the patterns of what
                  it rests on; left out, nothing announces it
``OWED``          whether every format owes it without a promise (False)
``SHOWN_BY_USE``  whether it shows only when what was loaded is used (False; a facet that rests on others always does)
``PURPOSE``       whether it is what some use is for, so that its loss is no detail of a path that reached its end
                  (False; a facet that rests on others always is)

and defines ``compare(pair)``: the host.judge.result.Result for a host.judge.alignment.Pair, None where nothing of it
was observed.

To add a facet: a file here, what a step records for it (roundtrip.records), and a mutant (tests/test_mutants.py).
"""

import functools
import importlib
import pathlib

#: read by host.select.sources: a step that imports this package depends on each of its modules
DEPENDS = ("host/judge/facets/*.py",)
DEFAULTS = {"RESTS_ON": (), "ANNOUNCED_BY": "", "OWED": False, "SHOWN_BY_USE": False, "PURPOSE": False}


@functools.cache
def every():
    """{id: the facet's module}, in the order in which they are shown."""
    ids = [p.stem for p in pathlib.Path(__file__).parent.glob("*.py") if not p.stem.startswith("_")]
    modules = {id_: importlib.import_module(f"host.judge.facets.{id_}") for id_ in ids}
    for module in modules.values():
        for attribute, default in DEFAULTS.items():
            if not hasattr(module, attribute):
                setattr(module, attribute, default)
    return dict(sorted(modules.items(), key=lambda item: item[1].ORDER))


def derived():
    """{id: what it rests on} of the facets that follow from others, each after those that it rests on."""
    return {id_: facet.RESTS_ON for id_, facet in every().items() if facet.RESTS_ON}


def owed():
    """The facets that every format owes."""
    return tuple(id_ for id_, facet in every().items() if facet.OWED)


def purposes():
    """The facets that a use is for."""
    return tuple(id_ for id_, facet in every().items() if facet.PURPOSE or facet.RESTS_ON)


def shown_by_use():
    """The facets that show only when what was loaded is used."""
    return tuple(id_ for id_, facet in every().items() if facet.SHOWN_BY_USE or facet.RESTS_ON)


def roots(id_):
    """The facet and all that it rests on, at any depth."""
    return (id_, *dict.fromkeys(root for below in every()[id_].RESTS_ON for root in roots(below)))


def compare_all(pair):
    """{facet: Result} of everything that was observed, in order."""
    results = {id_: pair.result(id_) for id_ in every()}
    return {id_: result for id_, result in results.items() if result is not None}
