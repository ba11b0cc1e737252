"""What a Keras file states about itself: who wrote it, which classes it needs, whether it is compiled.

Only JSON and attributes are read here, and nothing is run. A file can state anything: this is what is held against what
a reader makes of it.
"""

import json
import zipfile

import h5py

from host.brought.bounded import attribute, content, member, parsed, text

#: module prefixes of Keras' own objects in a config of Keras 3 or of Keras 2 since 2.13
OWN_MODULES = ("keras", "tf_keras", "tensorflow", "builtins")
#: Keras 2 since 2.11 writes its own optimizers as if the user had registered them: ``Custom>Adam``
#: https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/adam.py (register_keras_serializable)
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Adafactor", "Nadam", "Ftrl", "Lion",
              "LossScaleOptimizer", "LossScaleOptimizerV3")  # fmt: skip


def stated(fmt, files):
    """{"api", "version", "config", "compiled"} of a Found's files; None for what is not stated."""
    read = {"h5": _h5, "keras_archive": _archive, "keras_directory": _directory, "json_weights": _json,
            "saved_model": _saved_model}.get(fmt)  # fmt: skip
    facts = {"api": None, "version": None, "config": None, "compiled": None}
    if read:
        config, training, version = read(files)
        facts.update(config=config, compiled=training)
        if version:
            facts.update(version=version, api="keras3" if version.startswith("3.") else "keras2")
    return facts


def _h5(files):
    with h5py.File(next(iter(files.values())), "r") as f:
        own = [attribute(f, name) for name in ("model_config", "training_config", "keras_version")]
    return parsed(own[0]), parsed(own[1]), own[2]


def _archive(files):
    with zipfile.ZipFile(next(iter(files.values()))) as archive:
        names = set(archive.namelist())
        config = parsed(member(archive, "config.json"))
        about = parsed(member(archive, "metadata.json")) if "metadata.json" in names else None
    return _of_keras_3(config, about)


def _directory(files):
    paths = [files.get(f"model/{name}") for name in ("config.json", "metadata.json")]
    return _of_keras_3(*(parsed(content(path)) if path else None for path in paths))


def _of_keras_3(config, about):
    compiled = (config or {}).get("compile_config")
    return config, compiled if isinstance(compiled, dict) else None, text((about or {}).get("keras_version"))


def _saved_model(files):
    """The root of ``keras_metadata.pb``: a protocol buffer whose first text in JSON is the model's own metadata."""
    if "model/keras_metadata.pb" not in files:
        return None, None, None
    stated = content(files["model/keras_metadata.pb"]).decode("utf-8", "replace")
    try:
        root, _ = json.JSONDecoder().raw_decode(stated, stated.index("{"))
    except (ValueError, RecursionError):
        return None, None, None
    training = root.get("training_config")
    config = {key: root.get(key) for key in ("class_name", "config")}
    return config, training if isinstance(training, dict) else None, "2"


def _json(files):
    config = parsed(content(files["model.json"]))
    return config, None, text((config or {}).get("keras_version"))


def traits(config, compiled):
    """The traits of models that contracts refer to, as far as a config shows them."""
    found = {"lambda"} if any(node.get("class_name") in ("Lambda", "__lambda__") for node in nodes(config)) else set()
    if foreign_classes(config) or foreign_classes(compiled):
        found.add("custom_unregistered")
    return sorted(found)


def nodes(config):
    """Every dict of a config, at any depth."""
    pending = [config]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending += value.values()
        elif isinstance(value, list):
            pending += value


def foreign_classes(config):
    """The classes of a config that are none of Keras': those of another module, or with a registered name.

    A config of an older Keras names no module. There, only a registered name (``package>Name``) tells.
    """
    found = set()
    for node in nodes(config):
        name, module = node.get("class_name"), node.get("module")
        if not isinstance(name, str):
            continue
        if name.removeprefix("Custom>") in OPTIMIZERS:
            continue
        outside = isinstance(module, str) and module.split(".")[0] not in OWN_MODULES
        registered = ">" in str(node.get("registered_name") or name) and not str(name).startswith("keras")
        if outside or ("module" in node and module is None and name != "__tensor__" and registered) or ">" in name:
            found.add(name)
    return sorted(found)


def layers(config):
    """[[class, name]] of the layers of a model's config, nested models included, without input layers."""
    listed, pending = [], _inside(config)[::-1]
    while pending:  # not by recursion: a config may be nested deeper than Python's calls
        layer = pending.pop()
        own = layer.get("config")
        if isinstance(own, (dict, list)) and layer.get("class_name") != "InputLayer":
            name = layer.get("name") or (own.get("name") if isinstance(own, dict) else None)
            listed.append([text(layer.get("class_name")), text(name)])
            pending += _inside(layer)[::-1]
    return listed


def _inside(model):
    """The configs of a model's layers."""
    inner = model.get("config") if isinstance(model, dict) else None
    inner = inner.get("layers") if isinstance(inner, dict) else inner
    return [layer for layer in inner if isinstance(layer, dict)] if isinstance(inner, list) else []
