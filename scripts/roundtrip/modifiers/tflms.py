"""IBM's large model support (TFLMS version 2), from a folder that the user names; its verdicts are shown beside ours.

``TFLMS_PATH`` is the folder that holds the package ``tensorflow_large_model_support`` of
https://github.com/IBM/tensorflow-large-model-support/tree/tflmsv2. This project contains no part of that package. The
package disables all TensorFlow 2 behaviour when it is imported, and needs ``distutils`` (Python before 3.12, or
setuptools). ``swapin_groupby=0`` lets consumers of one level share one swap-in.
"""

import importlib
import os
import sys

from roundtrip.modifiers import lms

TITLE = "TFLMS version 2, by path"
APIS = lms.APIS
TRAITS = lms.TRAITS
VARIABLES = ("TFLMS_PATH",)
look = lms.look


def start(ctx):
    """Import the package, which disables TensorFlow 2 behaviour."""
    package()


def package():
    sys.path.insert(0, os.environ["TFLMS_PATH"])
    try:
        return importlib.import_module("tensorflow_large_model_support")
    finally:
        sys.path.pop(0)


class Rewriter(object):
    def __init__(self):
        self.lms = package().LMS(swapout_threshold=1, swapin_ahead=1, swapin_groupby=0)

    def callback(self, keras):
        return self.lms


def rewriter(ctx, when_run="raise"):
    return Rewriter()


def callbacks(ctx):
    return [rewriter(ctx).callback(ctx.keras)]
