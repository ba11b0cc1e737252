"""The same custom layer, loss, metric and activation, not registered: a loader must get them as custom_objects.

It shows which loaders fail without custom_objects, and which ignore them for the loss, the metric or the activation.
"""

from roundtrip.models import _custom, once_per_keras

TITLE = "custom layer, loss, metric and activation, not registered"
APIS = {"keras3": "", "keras2": ">=1.14"}
TRAITS = ("functional", "custom_unregistered")
OPTIMIZER = "Adamax"
data = _custom.data


@once_per_keras
def custom_objects(rt):
    return _custom.define(rt, lambda thing: thing)


def build(rt, inputs):
    return _custom.build(rt, custom_objects(rt), "custom_unregistered")


def compile(rt, model):
    _custom.compile(rt, model, custom_objects(rt))
