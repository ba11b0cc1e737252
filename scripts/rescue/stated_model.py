"""The model that a file's config states, in the words of a newer Keras, where Keras itself makes no model of the file.

Layers are found by the names of their classes: in another version, their modules have other names. An argument that a
class no longer has is left out only where it has no effect; no other model than the stated one is built.
"""

from rescue.compiled import taken_by
from rescue.layers import Refused
from rescue.live import is_keras3

#: arguments of layers without effect on what a model computes: its speed, or its shapes, which the other layers state
LAYERS_WITHOUT_EFFECT = ("implementation", "input_length", "batch_input_shape")
#: an argument's old name -> its present name
LAYERS_RENAMED = {"alpha": "negative_slope"}
#: functions that Keras 2 and Keras 3 compute in different ways:
#: https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/activations.py
#: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/activations/activations.py
NOT_THE_SAME = ("hard_sigmoid",)
#: the names under which Keras has saved functional models
FUNCTIONAL_CLASSES = ("Model", "Functional")


def stated_model(held, keras, custom_objects=None):
    """The model, with fresh weights. Raises Refused if this Keras cannot build the one that the file states."""
    building = _Building(keras, custom_objects, (held.keras or "3").split(".")[0])
    stated = building.layer(held.config or {})
    class_ = keras.Sequential if stated.get("class_name") == "Sequential" else keras.Model
    try:
        model = class_.from_config(stated["config"], custom_objects=custom_objects)
    except Exception as error:
        raise Refused("%s builds no model from the file's config: %s" % (keras.__name__, error)) from error
    return model


class _Building(object):
    """Rewrites configs for one Keras."""

    def __init__(self, keras, custom_objects, version):
        self.keras, self.objects = keras, custom_objects or {}
        self.input_shape = "batch_shape" if is_keras3(keras) else "batch_input_shape"
        self.differs = is_keras3(keras) != (version >= "3")

    def layer(self, stated):
        """The config of one layer, or of a model; all layers in it are rewritten too."""
        name, config = stated.get("class_name"), stated.get("config")
        kept = {key: stated[key] for key in ("class_name", "name", "inbound_nodes") if key in stated}
        if name == "Sequential":
            config = config if isinstance(config, dict) else {"layers": config or []}
            own = {key: config[key] for key in ("name", "trainable") if key in config}
            return dict(kept, config=dict({"name": "sequential"}, layers=self._sequence(config["layers"]), **own))
        if name in FUNCTIONAL_CLASSES and "layers" in config:
            return dict(kept, config=dict(config, layers=[self.layer(one) for one in config["layers"]]))
        return dict(kept, config=self._arguments(str(name).split(">")[-1], config or {}))

    def _sequence(self, layers):
        """The layers of a sequential model; Keras 2 may state its input in the first layer."""
        shape = self._value(layers[0]["config"].get("batch_input_shape")) if layers else None
        made = [self.layer(one) for one in layers]
        if is_keras3(self.keras) and shape is not None and layers[0]["class_name"] != "InputLayer":
            made.insert(0, {"class_name": "InputLayer", "config": {"batch_shape": shape}})
        return made

    def _arguments(self, name, config):
        class_ = self.objects.get(name) or getattr(self.keras.layers, name, None)
        if class_ is None:
            raise Refused("%s has no layer %s: give it in custom_objects" % (self.keras.__name__, name))
        taken, given = taken_by(class_) | ({self.input_shape} - {"batch_shape"}), {}
        for key, value in config.items():
            new = key if key in taken else self._renamed(name, key)
            if new in taken:
                given.update(self._initializer(new, value) if _initializes(new) else {new: self._value(value)})
            elif value not in (None, False, "", [], {}) and not (key in LAYERS_WITHOUT_EFFECT or _initializes(key)):
                raise Refused("%s of %s has no argument %s, the file says %r" % (name, self.keras.__name__, key, value))
        return given

    def _renamed(self, name, key):
        if name == "InputLayer" and key in ("batch_shape", "batch_input_shape"):
            return self.input_shape
        return LAYERS_RENAMED.get(key, key) if not self.objects.get(name) else key

    def _initializer(self, key, value):
        """{key: initializer} without arguments that this Keras does not have: its values are replaced anyway."""
        name = str(value["class_name"]).split(">")[-1] if isinstance(value, dict) else None
        class_ = self.objects.get(name) or getattr(self.keras.initializers, name or "", None)
        if class_ is None:
            return {} if name else {key: value}
        config = value.get("config") or {}
        taken = taken_by(class_)
        return {key: {"class_name": name, "config": {inner: config[inner] for inner in config if inner in taken}}}

    def _value(self, value):
        """An argument; a function, a regularizer or a layer in it by the name of its class."""
        if self.differs and isinstance(value, str) and value in NOT_THE_SAME:
            raise Refused("%s is another function in %s than in the file's Keras" % (value, self.keras.__name__))
        if not isinstance(value, dict) or "class_name" not in value:
            return value
        if value["class_name"] == "__tuple__":  # in SavedModels
            return list(value["items"])
        if value["class_name"] == "function":
            return self._value(value["config"])
        inner = value.get("config") or {}
        if hasattr(self.keras.layers, str(value["class_name"])):
            return self.layer(value)
        if "Policy" in value["class_name"]:
            return inner.get("name", "float32")
        return {"class_name": value["class_name"], "config": inner}


def _initializes(key):
    return key.endswith("_initializer")
