"""Engines: how an api builds, trains, asks and looks at a model. One module each.

An engine defines

``start(rt)``                                        what must be set before the first op
``build(rt, module, data, seed)``                    the model from its code, randomised, ready to train
``fit(rt, model, data, initial_epoch, epochs, callbacks)``  {"names", "values": float64 (batches, names)}
``predict(rt, model, data)``                         (container structure, list of arrays)
``evaluate(rt, model, data)``                        {name: float}
``capture(rt, model)``                               [{"name", "role", "value"}], roles: roundtrip.state
``describe(rt, model)``                              {"architecture", "compile_config", "optimizer_config"}

Members never call an engine: they ask their context (roundtrip.context.Context).
"""

import importlib

ENGINES = {"keras3": "eager", "keras2": "eager", "keras2_graph": "graph", "tf1": "session"}


def engine(api):
    """The engine of an api."""
    return importlib.import_module("roundtrip.engines." + ENGINES[api])
