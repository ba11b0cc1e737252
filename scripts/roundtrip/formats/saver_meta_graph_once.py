"""The MetaGraph written with the first checkpoint only, ``write_meta_graph=False`` for the following ones.

The graph does not change during training, so one ``.meta`` file serves every checkpoint.
"""

import os

from roundtrip.formats import DURING_FIT, _saver

TITLE = "Saver, MetaGraph written once"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
REJECTS = DURING_FIT
FILES = _saver.files(*["my-model-%d" % step for step in _saver.STEPS], meta=["my-model-1000"])


def fit(ctx, model, folder, options=()):
    saver = _saver.saver(ctx, model, **dict(options))
    prefix = os.path.join(_saver.relative(folder), "my-model")

    def save_step(step):
        with model.graph.as_default():
            saver.save(model.session, prefix, global_step=step, write_meta_graph=step == 1000)

    _saver.fit_and_save(ctx, model, save_step)
