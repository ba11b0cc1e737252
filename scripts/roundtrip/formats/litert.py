"""``model.export("model.tflite", format="litert")``: Keras 3.13 and newer. LiteRT was called TensorFlow Lite."""

from roundtrip.formats import CALLABLES, EXPORT_API, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "export, LiteRT"
APIS = {"keras3": ">=3.13"}
CARRIES = promise(CALLABLES, EXPORT_API)
_SELECT_OPS = "https://ai.google.dev/edge/litert/conversion/tensorflow/ops_select"
WITHDRAWS = (Withdrawal(CALLABLES, _SELECT_OPS, trait="strings"),)
PACKAGES = ("ai-edge-litert",)
FILES = {"model.tflite": "a flat buffer: the graph in LiteRT's operators, the weights inside"}


def save(ctx, model, folder):
    model.export(path(folder, "model.tflite"), format="litert")
