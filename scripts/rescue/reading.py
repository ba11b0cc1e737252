"""Finds the reader of a file by its contents."""

import os

from rescue.archive import read_archive
from rescue.archive_kind import is_archive
from rescue.checkpoint import is_checkpoint, read_checkpoint
from rescue.hdf5 import is_hdf5, read_hdf5
from rescue.held import Unreadable
from rescue.orbax_state import is_orbax, read_orbax
from rescue.saved_model import is_saved_model, read_saved_model

#: (whether a path is of the kind, its reader)
READERS = [
    (is_hdf5, read_hdf5),
    (is_archive, read_archive),
    (is_orbax, read_orbax),
    (is_saved_model, read_saved_model),
    (is_checkpoint, read_checkpoint),
]


def read_held(path, damaged=False):
    """The contents of a file or folder. Raises Unreadable."""
    for fits, read in READERS:
        if fits(path):
            held = read(path, damaged)
            held.may_lack = damaged
            return held
    if not os.path.exists(path) and not os.path.exists(path + ".index"):
        raise Unreadable("%s: there is no such file or folder" % path)
    raise Unreadable(
        "%s is none of these: an HDF5 file of Keras, a .keras archive, .weights.h5 or .weights.json, a TensorFlow "
        "checkpoint, a SavedModel, an Orbax folder" % path
    )
