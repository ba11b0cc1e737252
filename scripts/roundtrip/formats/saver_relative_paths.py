"""``Saver(save_relative_paths=True)`` with an absolute path, and the folder moved afterwards.

Without the option, the ``checkpoint`` file holds the absolute path of the original folder. Then ``latest_checkpoint``
finds nothing after the folder is moved, and finds the original after the folder is copied. The documentation
recommends the option for folders that are copied.
"""

import os
import shutil
import tempfile

from roundtrip.formats import _saver

TITLE = "Saver, save_relative_paths=True, then moved"
APIS = {"tf1": ""}
LAYOUT = "meta_graph_checkpoint"
CARRIES = _saver.GRAPH_AND_VARIABLES
FILES = _saver.files("model.ckpt")


def save(ctx, model, folder):
    place = tempfile.mkdtemp(prefix="saver-", dir=ctx.out)
    saver = _saver.saver(ctx, model, save_relative_paths=True)
    with model.graph.as_default():
        saver.save(model.session, os.path.join(os.path.abspath(place), "model.ckpt"))
    for name in os.listdir(place):
        shutil.move(os.path.join(place, name), folder)
    os.rmdir(place)
