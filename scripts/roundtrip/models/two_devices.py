"""Two variables on two devices, ``/cpu:0`` and ``/cpu:1``: a sharded Saver writes two files.

A sharded Saver and a SavedModel write a file for each device that the graph names, even if the machine lacks the
device (https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/Saver, ``sharded``). A session with soft
placement runs the variables on a device that exists.
"""

from roundtrip.models import two_variables
from roundtrip.models.two_variables import NAMES, compile, data

__all__ = ["NAMES", "compile", "data"]

TITLE = "two variables on two devices, TensorFlow 1"
APIS = {"tf1": ""}
TRAITS = ("graph", "devices")
OPTIMIZER = "RMSProp"


def build(rt, inputs):
    return two_variables.build(rt, inputs, devices=("/cpu:0", "/cpu:1"))
