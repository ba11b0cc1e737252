"""``model_from_json`` with the JSON in the HDF5 file, then ``load_weights`` of the same file."""

import h5py

from roundtrip.routes import _keras

TITLE = "model_from_json + load_weights"
APIS = {"keras3": "", "keras2": ""}
READS = ("h5",)
LINK = "https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/"


def run(ctx, path, wanted):
    with h5py.File(path, "r") as f:
        text = f.attrs["model_config"]
    model = ctx.keras.models.model_from_json(text.decode("utf-8") if isinstance(text, bytes) else text)
    if not model.weights and _keras.holds_weights(path):
        model(wanted.fill(_keras.specs(model, path))["input"])  # without an input shape, it has no weights before
    model.load_weights(path)
    return _keras.read(ctx, model, path, wanted)
