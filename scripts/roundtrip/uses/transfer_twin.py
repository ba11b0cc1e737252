"""Transfer in memory into the model's twin: from functional to subclassed, or from subclassed to functional."""

from roundtrip.uses import transfer_model

TITLE = "transfer, functional to subclassed or back"
NEEDS = ("layers",)
COMPARES = transfer_model.COMPARES
FOLLOWS = ("TWIN",)
REQUIRES = {"twin": "only a model that is also written another way has a twin"}


def run(ctx, loaded, record):
    twin = ctx.build_other(ctx.module.TWIN)
    twin.set_weights(loaded.model.get_weights())
    transfer_model.show(ctx, twin, record)
