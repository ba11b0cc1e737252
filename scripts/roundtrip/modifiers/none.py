"""No modification."""

TITLE = "none"


def modify(ctx, model):
    return model
