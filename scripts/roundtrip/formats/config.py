"""Architecture only: ``model.get_config()`` and the name of the model's class, written as JSON."""

import io
import json

from roundtrip.formats import CONFIG_API, path
from roundtrip.withdrawals import Withdrawal

TITLE = "architecture, get_config"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
CARRIES = {"architecture": CONFIG_API}
WITHDRAWS = (Withdrawal(("architecture",), CONFIG_API, trait="no_config"),)
FILES = {"config.json": "the name of the model's class, and the dict that get_config gave"}


def save(ctx, model, folder):
    write(path(folder, "config.json"), {"class_name": type(model).__name__, "config": model.get_config()})


def write(where, value):
    with io.open(where, "w", encoding="utf-8") as f:
        f.write(json.dumps(value))
