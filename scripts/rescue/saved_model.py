"""A SavedModel of Keras: its variables, and the model's config and compile arguments where the folder has them.

Keras' metadata lie in keras_metadata.pb since TensorFlow 2.5, and before in saved_model.pb:
https://github.com/keras-team/tf-keras/blob/master/tf_keras/saving/legacy/saved_model/README.md
TensorFlow 1.13 to 1.15 also write assets/saved_model.json:
https://github.com/tensorflow/tensorflow/blob/v1.14.0/tensorflow/python/keras/saving/saved_model_experimental.py
"""

import collections
import json
import os

from rescue.checkpoint import CheckpointValues, hold_checkpoint
from rescue.held import Held, Unreadable
from rescue.protobuf_fields import (
    protobuf_fields,
    protobuf_text,
    root_metadata_of_keras,
    root_metadata_of_saved_model,
    variable_order,
)

_MODEL_JSON = os.path.join("assets", "saved_model.json")
_VARIABLES_PREFIX = os.path.join("variables", "variables")


def is_saved_model(path):
    """Whether the path is a SavedModel's folder, or the folder of time stamps of TensorFlow 1.13 with one inside."""
    try:
        return _saved_model_folder(path) is not None
    except (OSError, ValueError, TypeError):
        return False


def _saved_model_folder(path):
    path = os.fspath(path)
    if os.path.basename(path) == "saved_model.pb":
        path = os.path.dirname(path) or "."
    stamps = sorted((name for name in os.listdir(path) if name.isdigit()), key=int, reverse=True)
    for folder in [path] + [os.path.join(path, stamp) for stamp in stamps]:
        if os.path.isfile(os.path.join(folder, "saved_model.pb")):
            return folder
    return None


def read_saved_model(path, damaged=False):
    """Held, with the config if Keras wrote the folder by ``save``; of ``export``, the variables alone."""
    if not is_saved_model(path):
        raise Unreadable("%s: no SavedModel" % path)
    folder, held, order = _saved_model_folder(path), Held(os.fspath(path), "SavedModel"), {}
    for part, hold in _HOLDERS.items():
        try:
            order.update(_read_saved_part(held, os.path.join(folder, part), hold) or {})
        except (Unreadable, ValueError, KeyError, OSError) as error:
            if not damaged:
                raise Unreadable("%s: %s: %s" % (path, part, error)) from error
            held.damage.append((part, str(error)))
    if not os.path.isfile(os.path.join(folder, _VARIABLES_PREFIX + ".index")):
        raise Unreadable("%s: no %s.index: a SavedModel without variables" % (path, _VARIABLES_PREFIX))
    hold_checkpoint(held, CheckpointValues(os.path.join(folder, _VARIABLES_PREFIX), damaged), order)
    return held


def _read_saved_part(held, path, hold):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as opened:
        return hold(held, opened.read())


def _hold_program(held, data):
    """Keras' metadata of TensorFlow before 2.5; {name: rank} of the variables of a graph of TensorFlow 1."""
    _hold_text(held, root_metadata_of_saved_model(data))
    meta_graph = protobuf_fields(data)[2][0]
    information = protobuf_fields(protobuf_fields(meta_graph).get(1, [b""])[0])
    held.facts["tensorflow"] = protobuf_text(information, 5)
    return variable_order(meta_graph)


def _hold_metadata(held, data):
    _hold_text(held, root_metadata_of_keras(data))


def _hold_json(held, data):
    stated = json.loads(data.decode("utf-8"))
    held.keras = stated.get("keras_version")
    held.config = {key: stated[key] for key in ("class_name", "config")}


def _hold_text(held, text):
    stated = json.loads(text) if text else {}
    if "keras_version" not in stated:  # the metadata of a module that Keras did not make
        return
    held.keras, held.compiled = stated["keras_version"], stated.get("training_config")
    held.config = stated.get("model_config") or held.config


#: what each file of the folder says beside the values of the variables
_HOLDERS = collections.OrderedDict(
    [("saved_model.pb", _hold_program), ("keras_metadata.pb", _hold_metadata), (_MODEL_JSON, _hold_json)]
)
