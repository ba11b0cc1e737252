"""Keras' ``load_model``; Keras 2 also reads a SavedModel, which Keras 3 refuses."""

from roundtrip.routes import _keras

TITLE = "keras load_model"
APIS = {"keras3": "", "keras2": ""}
READS = ("h5", "keras", "saved_model")
LINK = "https://keras.io/api/models/model_saving_apis/model_saving_and_loading/"


def run(ctx, path, wanted):
    return _keras.read(ctx, ctx.keras.models.load_model(path, compile=False), path, wanted)
