"""Quantize the built model: ``model.quantize("int8")``; integer kernels with scales, and trainable biases.

https://keras.io/api/models/model/#quantize-method
"""

TITLE = "quantize int8"
APIS = {"keras3": ">=3.4"}
TRAITS = ("quantized",)
REJECTS = {"quantized": "it is quantized already", "mixed_precision": "its layers have dtype policies of their own"}


def modify(ctx, model):
    model.quantize("int8")
    return model
