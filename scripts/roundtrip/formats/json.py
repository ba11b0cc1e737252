"""Architecture only, as JSON: ``model.to_json()``.

In Keras 3 the JSON also holds the compile arguments, but no documentation promises them.
"""

import io

from roundtrip.formats import CONFIG_API, path
from roundtrip.withdrawals import Withdrawal

TITLE = "architecture, JSON"
APIS = {"keras3": "", "keras2": "", "keras2_graph": ""}
CARRIES = {"architecture": CONFIG_API}
WITHDRAWS = (Withdrawal(("architecture",), CONFIG_API, trait="no_config"),)
FILES = {
    "model.json": "classes, arguments and connections of the layers; no weights; in Keras 3 the compile arguments too"
}


def save(ctx, model, folder):
    with io.open(path(folder, "model.json"), "w", encoding="utf-8") as f:
        f.write(model.to_json())
