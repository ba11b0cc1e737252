"""Architecture and compile arguments by ``keras.saving.serialize_keras_object(model)``, written as JSON.

No documentation promises the compile arguments.
"""

from roundtrip.formats import path
from roundtrip.formats.config import write
from roundtrip.withdrawals import Withdrawal

LINK = "https://keras.io/api/models/model_saving_apis/serialization_utils/"

TITLE = "architecture, serialize_keras_object"
APIS = {"keras3": "", "keras2": ">=2.13"}
CARRIES = {"architecture": LINK}
WITHDRAWS = (Withdrawal(("architecture",), LINK, trait="no_config"),)
FILES = {"serialized.json": "class, module, registered name, config, and the compile arguments where compiled"}


def save(ctx, model, folder):
    write(path(folder, "serialized.json"), ctx.keras.saving.serialize_keras_object(model))
