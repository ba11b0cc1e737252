"""``load_model(folder)`` of an Orbax checkpoint: Keras 3.14 and newer."""

from roundtrip.formats import orbax
from roundtrip.loaders import EVERYTHING, LAMBDA, load_model, load_model_custom_objects
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model of an Orbax checkpoint"
APIS = orbax.APIS
READS = ("orbax",)
RESTORES = load_model.RESTORES
GIVES = EVERYTHING
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)
PACKAGES = orbax.PACKAGES

load = load_model_custom_objects.load
