"""Architecture only, as YAML: ``model.to_yaml()``, which TensorFlow removed later because reading YAML can run code."""

import io

from roundtrip.formats import path
from roundtrip.withdrawals import Withdrawal

LINK = "https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/keras/Model#to_yaml"

TITLE = "architecture, YAML"
APIS = {"keras2": "<2.0", "keras2_graph": "<2.0"}  # 2.3 to 2.5 lost it in a patch: CVE-2021-37678
PACKAGES = ("pyyaml",)
CARRIES = {"architecture": LINK}
WITHDRAWS = (Withdrawal(("architecture",), LINK, trait="no_config"),)
FILES = {"model.yaml": "classes, arguments and connections of the layers; no weights, no compile arguments"}


def save(ctx, model, folder):
    with io.open(path(folder, "model.yaml"), "w", encoding="utf-8") as f:
        f.write(model.to_yaml())
