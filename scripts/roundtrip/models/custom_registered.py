"""Custom layer, loss, metric and activation, all registered: a loader needs only to import the code.

It shows whether the arguments in get_config come back, and whether each part of the loader looks into the registry.
"""

from roundtrip.models import _custom, once_per_keras

TITLE = "custom layer, loss, metric and activation, registered"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("functional", "custom_registered")
OPTIMIZER = "Adamax"
data = _custom.data


@once_per_keras
def custom_objects(rt):
    return _custom.define(rt, rt.register())


def build(rt, inputs):
    return _custom.build(rt, custom_objects(rt), "custom_registered")


def compile(rt, model):
    _custom.compile(rt, model, custom_objects(rt))
