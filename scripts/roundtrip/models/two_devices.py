"""The two variables on two devices, ``/cpu:0`` and ``/cpu:1``: what a sharded Saver makes two files of.

A sharded Saver writes a file for each device that the graph names, whether the machine has it or not, and so does a
SavedModel (https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/Saver, ``sharded``). A session with soft
placement runs the variables where it can.
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
