"""``Saver(max_to_keep=4)``, saved five times: the Saver deletes the oldest checkpoint with its ``.meta`` file."""

import os

from roundtrip.formats import DURING_FIT, _saver

TITLE = "Saver, max_to_keep=4"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
REJECTS = DURING_FIT
FILES = _saver.files(*["my_test_model-%d" % step for step in _saver.STEPS[1:]])


def fit(ctx, model, folder):
    saver = _saver.saver(ctx, model, max_to_keep=4)
    prefix = os.path.join(_saver.relative(folder), "my_test_model")

    def save_step(step):
        with model.graph.as_default():
            saver.save(model.session, prefix, global_step=step)

    _saver.fit_and_save(ctx, model, save_step)
