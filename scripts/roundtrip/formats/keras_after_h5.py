"""``.keras`` written after ``.h5`` from the same live model: saving must not change what is saved next."""

import tempfile

from roundtrip.formats import h5, keras_archive

TITLE = "whole model, .keras after .h5"
APIS = keras_archive.APIS
LAYOUT = "keras_archive"
CARRIES = keras_archive.CARRIES
WITHDRAWS = keras_archive.WITHDRAWS
FILES = keras_archive.FILES
REJECTS_IN = h5.REJECTS_IN


def save(ctx, model, folder):
    with tempfile.TemporaryDirectory() as elsewhere:
        h5.save(ctx, model, elsewhere)
    keras_archive.save(ctx, model, folder)
