"""A model that the user brings: how a reproduction builds and compiles it, and which objects a loader is given.

``ctx.module.made`` is the user's function, ``ctx.module.folder`` the folder of their files beside the reproduction, and
``ctx.module.loss`` the loss with which the workflow compiles the model; None where the user's code compiles it.
"""

import sys

from roundtrip.subject import objects_of
from roundtrip.subject.compiling import compile_like, compile_with
from roundtrip.training import called


def build(ctx, inputs):
    return ctx.module.made()


def build_and_call(ctx, inputs):
    """The model with its weights, which a first call creates."""
    return called(ctx.module.made(), inputs)


def compile(rt, ctx, model):
    if ctx.module.loss:
        compile_with(rt, model, ctx.module.loss)
    else:
        compile_like(rt, model, ctx.module.made(), custom_objects(ctx))


def custom_objects(ctx):
    """What the user's files define."""
    files = [(m, getattr(m, "__file__", None) or "") for m in list(sys.modules.values())]
    return objects_of([m for m, file in files if file.startswith(ctx.module.folder)])
