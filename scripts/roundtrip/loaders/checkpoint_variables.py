"""``list_variables`` and ``load_checkpoint``: read each value by its name, into the graph built from its code."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import FROM_CODE, _restored

TITLE = "code + load_checkpoint by name"
APIS = {"tf1": ""}
READS = ("saver_v2", "meta_graph_checkpoint", "saver_variables")
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = _restored.EVERYTHING


def load(ctx, artifact):
    model = ctx.build()
    latest = _restored.latest(ctx, artifact)
    reader = ctx.rt.v1.train.load_checkpoint(latest)
    names = {name for name, _ in ctx.rt.v1.train.list_variables(latest)}
    by_name = {v.op.name: v for v in model.variables()}
    for name in sorted(names & set(by_name)):
        model.assign(by_name[name], reader.get_tensor(name))
    left, unset = sorted(names - set(by_name)), sorted(set(by_name) - names)
    return Loaded(model, facts={"keys_left": left, "not_found": unset})
