"""Engines: each class builds, trains, runs and describes the models of an api (roundtrip.engines.base).

Members never call an engine. They call their context (roundtrip.context.Context).
"""

import importlib

#: api -> the module of its engine
ENGINES = {"keras3": "eager", "keras2": "eager", "keras2_graph": "graph", "tf1": "session"}


def engine(rt):
    """The engine of a runtime's api."""
    return importlib.import_module("roundtrip.engines." + ENGINES[rt.api]).Engine(rt)
