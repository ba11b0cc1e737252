"""``model.export("model.onnx", format="onnx")``: Keras 3.8 and newer."""

from roundtrip.formats import CALLABLES, EXPORT_API, path, promise
from roundtrip.withdrawals import Withdrawal

TITLE = "export, ONNX"
APIS = {"keras3": ">=3.8"}
CARRIES = promise(CALLABLES, EXPORT_API)
_SUPPORTED = "https://github.com/onnx/tensorflow-onnx/blob/main/support_status.md"
WITHDRAWS = (Withdrawal(CALLABLES, _SUPPORTED, trait="strings"),)
PACKAGES = ("onnx", "tf2onnx")
FILES = {"model.onnx": "a protocol buffer: the graph in ONNX' own operators, the weights inside"}


def save(ctx, model, folder):
    model.export(path(folder, "model.onnx"), format="onnx", verbose=False)
