"""``Saver(max_to_keep=4, keep_checkpoint_every_n_hours=2)``, ten saves 45 minutes apart on a simulated clock.

When a checkpoint is no longer one of the last four, the Saver keeps it forever if at least two hours have passed
since the last one that it kept. The saves are at 0:45, 1:30, ..., 7:30 hours. So the steps 3000 (2:15, past 2:00)
and 6000 (4:30, past 4:00) stay beside the last four.
"""

import contextlib
import os
import sys

from roundtrip.formats import DURING_FIT, _saver

TITLE = "Saver, max_to_keep=4, keep_checkpoint_every_n_hours=2"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
REJECTS = DURING_FIT
FILES = _saver.files(*["my_test_model-%d" % step for step in (3000, 6000, 7000, 8000, 9000, 10000)])


class Clock(object):
    """Replaces the module ``time``."""

    now = 1e9

    def time(self):
        return self.now


@contextlib.contextmanager
def moved_clock(saver_class):
    """Replace the Saver's ``time`` by a clock that the caller sets."""
    module, clock = sys.modules[saver_class.__module__], Clock()
    real, module.time = module.time, clock
    try:
        yield clock
    finally:
        module.time = real


def fit(ctx, model, folder):
    prefix = os.path.join(_saver.relative(folder), "my_test_model")
    with moved_clock(ctx.rt.v1.train.Saver) as clock:
        saver = _saver.saver(ctx, model, max_to_keep=4, keep_checkpoint_every_n_hours=2)

        def save_step(step):
            clock.now += 45 * 60
            with model.graph.as_default():
                saver.save(model.session, prefix, global_step=step)

        _saver.fit_and_save(ctx, model, save_step, times=10)
