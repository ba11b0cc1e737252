"""``.h5`` written after ``.keras`` from the same live model: saving must not change what is saved next."""

import tempfile

from roundtrip.formats import h5, keras_archive

TITLE = "whole model, .h5 after .keras"
APIS = keras_archive.APIS
LAYOUT = "h5"
CARRIES = h5.CARRIES
FILES = h5.FILES
WITHDRAWS = h5.WITHDRAWS
REJECTS_IN = h5.REJECTS_IN


def save(ctx, model, folder):
    with tempfile.TemporaryDirectory() as elsewhere:
        keras_archive.save(ctx, model, elsewhere)
    h5.save(ctx, model, folder)
