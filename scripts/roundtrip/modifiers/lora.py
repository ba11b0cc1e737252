"""Enable LoRA on the built model: ``layer.enable_lora(2)`` on each layer that has it; only the factors train.

https://keras.io/api/layers/core_layers/dense/
"""

TITLE = "LoRA, enable_lora(2)"
APIS = {"keras3": ">=3.0"}
TRAITS = ("lora", "frozen")
REJECTS = {
    "lora": "its layers have adapters already",
    "quantized": "its layers are quantized",
    "subclassed": "its layers are made when it is first called",
}


def modify(ctx, model):
    for layer in model._flatten_layers(include_self=False):
        if hasattr(layer, "enable_lora") and layer.built:
            layer.enable_lora(2)
    return model
