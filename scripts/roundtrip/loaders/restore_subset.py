"""Build the graph from its code, restore some of its variables, report the others and initialize them again."""

from roundtrip.formats import saver_subset_dict, saver_subset_list
from roundtrip.loaded import Loaded
from roundtrip.loaders import FROM_CODE, _restored
from roundtrip.session_model import SessionModel

TITLE = "code + Saver of some variables"
APIS = {"tf1": ""}
READS = ("saver_subset_list", "saver_subset_dict")
RESTORES = ("weights",)
SUPPLIES = FROM_CODE
GIVES = _restored.EVERYTHING


def load(ctx, artifact):
    # a session of its own on the same graph: in it no variable has been initialised
    model = SessionModel(ctx.rt, ctx.module.NAMES, graph=ctx.build().graph)
    latest = _restored.latest(ctx, artifact)
    with model.graph.as_default():
        ctx.rt.v1.train.Saver(chosen(ctx, model, latest)).restore(model.session, latest)
    missing = model.uninitialized()
    model.initialize([v for v in model.variables() if v.op.name in missing])
    return Loaded(model, facts={"uninitialized": missing})


def chosen(ctx, model, latest):
    """The argument of the Saver in the saving code: the list, or the dict with its own names."""
    keys = {name for name, _ in ctx.rt.v1.train.list_variables(latest)}
    by_name = keys <= {v.op.name for v in model.variables()}
    return saver_subset_list.chosen(model) if by_name else saver_subset_dict.chosen(model)
