"""Build the model and its optimizer's variables from code, then ``load_weights(folder)`` of an Orbax checkpoint."""

from roundtrip.formats import orbax
from roundtrip.loaders import EVERYTHING, FROM_CODE, WEIGHTS, build_optimizer_load_weights

TITLE = "code + optimizer.build + load_weights of an Orbax checkpoint"
APIS = orbax.APIS
READS = ("orbax",)
RESTORES = WEIGHTS + ("optimizer_state",)
SUPPLIES = FROM_CODE
BUILDS_OPTIMIZER = True
GIVES = EVERYTHING
PACKAGES = orbax.PACKAGES

load = build_optimizer_load_weights.load
