"""Compares parts of a model's description: as recorded, or between two runtimes in one dialect."""

import copy
import re

from host.judge import dialects
from host.judge.trees import compare_json


def compare_descriptions(pair, part):
    """The Result of ``architecture``, ``compile_config`` or ``optimizer_config``; None if nothing was described."""
    described = pair.descriptions(part)
    if described is None:
        return None
    reference, observed, code = described
    if part == "compile_config" and reference and observed:
        code = by_common_names(observed, code)[1] if code else None
        reference, observed = by_common_names(reference, observed)
    if pair.across:
        return dialects.compare_description(part, reference, observed, code)
    return compare_json(reference, observed)


def by_common_names(reference, observed):
    """Two compile configs with the names of losses and metrics aligned, and configs dropped that only one side has.

    A loss given as ``"mse"`` has no config. It may come back as an object with a config; that counts as the same.
    """
    reference, observed = copy.deepcopy(reference), copy.deepcopy(observed)
    for side in (reference, observed):
        for kind in ("metrics", "weighted_metrics"):
            side[kind].sort(key=lambda metric: _spelt(metric["name"]))
    for kind in ("loss", "metrics", "weighted_metrics"):
        if len(reference[kind]) == len(observed[kind]):
            for a, b in zip(reference[kind], observed[kind], strict=True):
                _give_one_name(a, b)
                if a["config"] is None or b["config"] is None:
                    a["config"] = b["config"] = None
    return reference, observed


def _give_one_name(a, b):
    """Give two metrics one name. Keras 2 prefixes a metric's name with the output's, but only once it is built.

    https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/engine/compile_utils.py#L545

    A metric given as "AUC" may come back as an object with the name "auc". That its name in the logs is another one
    then is seen where the logs are compared (evaluation, resume_trajectory).
    """
    if None in (a["config"], b["config"]) and _spelt(a["name"]) == _spelt(b["name"]):
        b["name"] = a["name"]
    elif b["name"].endswith("_" + a["name"]):
        b["name"] = a["name"]
    elif a["name"].endswith("_" + b["name"]):
        prefix = a["name"][: -len(b["name"])]
        b["name"] = a["name"]
        if b["config"] and "name" in b["config"]:
            b["config"]["name"] = prefix + b["config"]["name"]


def _spelt(name):
    """A metric's name as text and as an object's own name spell it; Keras 2 numbers objects of one class."""
    return re.sub(r"_\d+$", "", name).replace("_", "").lower()
