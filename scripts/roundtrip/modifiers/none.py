"""No modification."""

TITLE = "none"
APIS = {"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""}


def modify(ctx, model):
    return model
