"""The MetaGraph written once, and ``max_to_keep=4``: two pieces of advice that do not go together.

The Saver deletes the ``.meta`` of a checkpoint with the checkpoint. After the fifth save the first one goes,
and the only MetaGraph with it: the variables are left, and the code must build the graph.
"""

from roundtrip.formats import DURING_FIT, _saver, saver_meta_graph_once

TITLE = "Saver, MetaGraph written once, max_to_keep=4"
APIS = {"tf1": ""}
LAYOUT = "saver_variables"
CARRIES = _saver.VARIABLES
REJECTS = DURING_FIT
FILES = _saver.files(*["my-model-%d" % step for step in _saver.STEPS[1:]], meta=())


def fit(ctx, model, folder):
    saver_meta_graph_once.fit(ctx, model, folder, options={"max_to_keep": 4})
