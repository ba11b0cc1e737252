"""The MetaGraph written once, with ``max_to_keep=4``: two common recommendations that conflict.

The Saver deletes the ``.meta`` file together with its checkpoint. After the fifth save it deletes the first checkpoint
and so the only MetaGraph. The variables remain, and the user's code must build the graph.
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
