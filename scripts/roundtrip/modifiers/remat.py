"""Rematerialization: ``keras.RematScope`` around the model's code, activations computed anew in the backward pass.

The scope is a property of how layers were made, and no part of their configs.
https://github.com/keras-team/keras/blob/master/keras/src/backend/common/remat.py
"""

from roundtrip.modifiers import _train_function

TITLE = "rematerialization, RematScope"
APIS = {"keras3": ">=3.9"}
TRAITS = ("rewrites",)
COSTLY = ("MatMul", "Conv2D", "BatchMatMulV2", "Einsum")


def building(ctx):
    return ctx.keras.RematScope(mode="full")


def look(ctx, model):
    """Costly ops of the train function beyond those of the same model without the scope."""
    plain, found = count(ctx, ctx.build_plain()), count(ctx, model)
    return {"added": found - plain, "executed": found - plain, "unit": "recomputing ops of the train function"}


def count(ctx, model):
    return sum(node.op in COSTLY for node in _train_function.nodes(ctx, model))
