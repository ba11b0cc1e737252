"""Facets: what is compared between the reference and the loaded model. One file each.

A facet declares

``ORDER``         a number; facets are listed in this order
``NAME``          what it is called in sentences
``MEANING``       what it is, in a sentence
``MUST_BE``       what counts as the same
``RESTS_ON``      the facets that it follows from: if all of them are promised, it is promised too
``ANNOUNCED_BY``  a pattern (case is ignored) of the messages that announce its loss; the patterns of the facets that
                  it rests on count as well (by default no message does)
``OWED``          whether it must be intact even if no documentation promises it (default False)
``SHOWN_BY_USE``  whether it can be compared only after the model was used (default False; always true of a facet that
                  rests on others)
``PURPOSE``       whether it is the purpose of a use, so that its loss always decides the verdict of that use
                  (default False; always true of a facet that rests on others)
``LOST_WITH``     facets that it does not rest on, but whose loss alone explains its own (default none)

and defines ``compare(pair)``, which returns the host.judge.result.Result for a host.judge.alignment.Pair, or None if
nothing of it was observed.

To add a facet: write a file here, record what it compares (roundtrip.records), add a mutant (tests/test_mutants.py).
"""

import functools
import importlib
import pathlib

#: read by host.select.sources: a step that imports this package depends on each of its modules
DEPENDS = ("host/judge/facets/*.py",)
DEFAULTS = {"RESTS_ON": (), "ANNOUNCED_BY": "", "OWED": False, "SHOWN_BY_USE": False, "PURPOSE": False, "LOST_WITH": ()}


@functools.cache
def every():
    """{id: the facet's module}, in the order of ORDER."""
    ids = [p.stem for p in pathlib.Path(__file__).parent.glob("*.py") if not p.stem.startswith("_")]
    modules = {id_: importlib.import_module(f"host.judge.facets.{id_}") for id_ in ids}
    for module in modules.values():
        for attribute, default in DEFAULTS.items():
            if not hasattr(module, attribute):
                setattr(module, attribute, default)
    return dict(sorted(modules.items(), key=lambda item: item[1].ORDER))


def derived():
    """{id: facets that it rests on}, for each facet that rests on others; those that it rests on come first."""
    return {id_: facet.RESTS_ON for id_, facet in every().items() if facet.RESTS_ON}


def owed():
    """The ids of the facets that must be intact without a promise."""
    return tuple(id_ for id_, facet in every().items() if facet.OWED)


def purposes():
    """The ids of the facets that are the purpose of a use."""
    return tuple(id_ for id_, facet in every().items() if facet.PURPOSE or facet.RESTS_ON)


def shown_by_use():
    """The ids of the facets that can be compared only after the model was used."""
    return tuple(id_ for id_, facet in every().items() if facet.SHOWN_BY_USE or facet.RESTS_ON)


def roots(id_):
    """The facet and all facets that it rests on, directly or indirectly."""
    return (id_, *dict.fromkeys(root for below in every()[id_].RESTS_ON for root in roots(below)))


def explained_by(id_):
    """All facets whose loss explains the loss of this one."""
    return {*roots(id_), *every()[id_].LOST_WITH} - {id_}


def first_lost(lost):
    """The lost facets that no other lost one explains."""
    return [id_ for id_ in lost if not explained_by(id_) & set(lost)]


def compare_all(pair):
    """{facet: Result} of every facet that was observed, in order."""
    results = {id_: pair.result(id_) for id_ in every()}
    return {id_: result for id_, result in results.items() if result is not None}
