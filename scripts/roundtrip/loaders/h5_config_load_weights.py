"""``model_from_json`` with the JSON in an HDF5 file, then ``load_weights`` of the same file."""

import h5py

from roundtrip.formats import CONFIG_API, WEIGHTS_API
from roundtrip.loaded import Loaded
from roundtrip.loaders import WEIGHTS
from roundtrip.withdrawals import Withdrawal

TITLE = "model_from_json + load_weights of one .h5"
APIS = {"keras3": "", "keras2": ""}
READS = ("h5",)
RESTORES = ("architecture",) + WEIGHTS
GIVES = ("predict", "layers")
LINK = WEIGHTS_API
#: the page speaks of the JSON that to_json gives, not of the one inside a file
WITHDRAWS = (Withdrawal(("architecture",) + WEIGHTS, CONFIG_API),)


def read(ctx, path):
    with h5py.File(path, "r") as f:
        text = f.attrs["model_config"]
    text = text.decode("utf-8") if isinstance(text, bytes) else text
    model = ctx.keras.models.model_from_json(text, custom_objects=ctx.custom_objects())
    model.load_weights(path)
    return Loaded(model)
