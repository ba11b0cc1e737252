"""Build the model under the dtype policy ``keras.mixed_precision.set_dtype_policy("mixed_float16")``.

The policy belongs to the process, and the layers keep the policy under which they were made.
https://keras.io/api/mixed_precision/policy/
"""

import contextlib

TITLE = "global policy mixed_float16"
APIS = {"keras3": ""}
TRAITS = ("mixed_precision", "loss_scale")
REJECTS = {
    "mixed_precision": "its layers have dtype policies of their own",
    "bfloat16": "its layers have dtypes of their own",
    "loss_scale": "its optimizer scales the loss already",
    "quantized": "its layers have dtype policies of their own",
}


@contextlib.contextmanager
def building(ctx):
    set_policy = ctx.keras.mixed_precision.set_global_policy
    set_policy("mixed_float16")
    try:
        yield
    finally:
        set_policy("float32")
