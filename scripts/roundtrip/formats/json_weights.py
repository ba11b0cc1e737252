"""Architecture as JSON and weights as HDF5, in two files: the usual pair before whole-model saving existed."""

from roundtrip.formats import CONFIG_API, json, weights_h5
from roundtrip.withdrawals import Withdrawal

TITLE = "architecture, JSON + weights, .weights.h5"
APIS = json.APIS
CARRIES = dict(json.CARRIES, **weights_h5.CARRIES)
# without the architecture there is no model to load the weights into
WITHDRAWS = weights_h5.WITHDRAWS + (Withdrawal(tuple(CARRIES), CONFIG_API, trait="no_config"),)
FILES = dict(json.FILES, **weights_h5.FILES)


def save(ctx, model, folder):
    json.save(ctx, model, folder)
    weights_h5.save(ctx, model, folder)
