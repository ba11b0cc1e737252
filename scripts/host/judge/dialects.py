"""What two Keras versions say of one model, held against each other: architecture, compile and optimizer config.

Each has a dialect: arguments that the other does not know, other spellings of the same thing. What both state is
compared. An argument that only the reference states, and that is not what its absence means, is lost; one that only
the consumer states is new there, and is a note. What the tables here do not know is told by the code: the consumer
describes the model that the same code builds there, and what it says of that one too is its way to say it. Numbers
are never excused so, for a default that has changed looks the same. Within one runtime there is one dialect.
"""

import re

import numpy as np

from host.judge.differ import UNKNOWN, Differ
from host.judge.result import Result, missing, not_compared

#: an argument's older name -> the present one
RENAMED = {"batch_input_shape": "batch_shape", "lr": "learning_rate"}
#: what a config says and a model's or an optimizer's behaviour does not depend on, and why
IMMATERIAL = {
    "implementation": "how an RNN is computed, not what",
    "time_major": "removed in Keras 3; True cannot be loaded there",
    "is_legacy_optimizer": "which of Keras 2's two families wrote the config",
    "build_input_shape": "follows from the input",
}
#: how a step is executed, of an optimizer; a model's own is an option that it was compiled with
EXECUTION = ("jit_compile",)


def compare_description(part, reference, observed, code=None):
    """The facet ``architecture``, ``compile_config`` or ``optimizer_config`` of two runtimes.

    ``code`` is what the consumer says of the model that the code builds there, None where it builds none.
    """
    if reference is None:
        return not_compared("nothing to compare: the reference has none")
    if observed is None:
        return missing()
    found = Differ()
    found.walk(PARTS[part](reference), PARTS[part](observed), PARTS[part](code) if code else UNKNOWN)
    if not found.compared:
        return not_compared(f"the two dialects state nothing in common; {'; '.join(found.notes[:3])}")
    notes = [f"new in the consumer: {note}" for note in found.notes]
    notes += [f"as the code says it there: {line}" for line in found.excused]
    status = "different" if found.lost else "identical"
    return Result(status, found.compared, len(found.lost), detail=found.lost + notes)


def architecture(found):
    """Without the numbers that Keras 2 keeps for a call, layers by name, one input or output not in a list."""
    spell = {"class": spelt, "config": config, "layers": by_name, "inputs": single, "outputs": single}
    return {key: spell.get(key, _as_it_is)(value) for key, value in found.items()}


def _as_it_is(value):
    return value


def by_name(layers):
    """{name: facts} of Keras layers; what a TensorFlow 1 graph lists instead stays as it is."""
    if not all(isinstance(layer, dict) and "name" in layer for layer in layers):
        return layers
    return {layer["name"]: {"class": spelt(layer["class"]), **_of_layer(layer)} for layer in layers}


def _of_layer(layer):
    """An InputLayer has nothing to train, whatever it says, and its dtype is in its config."""
    keys = ("vocabulary",) if spelt(layer["class"]) == "InputLayer" else OF_LAYER
    return {key: layer.get(key) for key in keys}


OF_LAYER = ("trainable", "dtype_policy", "vocabulary")


def single(structure):
    """Keras 2 has no difference between one tensor and a list of one."""
    if isinstance(structure, dict) and len(structure.get("list", ())) == 1:
        return structure["list"][0]
    return structure


def optimizer_config(found):
    """Class and arguments; a name such as ``RMSprop`` is ``rm_sprop`` elsewhere."""
    stated = {k: v for k, v in config(found["config"]).items() if k not in EXECUTION}
    if not stated.get("use_ema"):
        stated = {k: v for k, v in stated.items() if not k.startswith("ema_")}
    if isinstance(stated.get("name"), str):
        stated["name"] = plain_name(stated["name"])
    return {"class": spelt(found["class"]), "config": stated}


def compile_config(found):
    """Losses and metrics by name, the execution options as they are."""
    return config(dict(found, options=found.get("options") or {}))


def config(value, key=None):
    """A config in one spelling: arguments renamed, policies, functions and nodes of the graph alike."""
    if isinstance(value, dict):
        if set(value) >= {"class_name", "config"}:
            return _object(value, key)
        stated = {RENAMED.get(k, k): config(v, k) for k, v in value.items() if k not in IMMATERIAL}
        return stated
    if isinstance(value, list):
        if key in ("input_layers", "output_layers"):
            return ends(value)
        if key == "inbound_nodes":
            return [node(n) for n in value]
        if key == "axis" and len(value) == 1:
            return value[0]
        return [config(v) for v in value]
    return number(value)


def _object(value, key):
    """What is a policy or a function by its name; else class and config."""
    inner = value["config"]
    if isinstance(inner, str):
        return inner
    if key == "dtype" and isinstance(inner, dict):
        return inner.get("name")
    rest = {k: v for k, v in value.items() if k not in ("class_name", "config")}
    stated = config(inner)
    if isinstance(stated, dict) and str(key).endswith("initializer"):
        stated = {k: v for k, v in stated.items() if k != "dtype"}  # the layer's; stated here before TensorFlow 2.2
    if isinstance(stated, dict) and spelt(value["class_name"]) != "InputLayer":
        stated = {k: v for k, v in stated.items() if k != "batch_shape"}  # of a Sequential's first layer: its input
    return {**config(rest), "class_name": spelt(value["class_name"]), "config": stated}


def number(value):
    """A number as float32, which it is wherever it is computed with."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(np.float32(value))
    return value


def spelt(name):
    """A class's name without package and without the mark of TensorFlow 1's or 2's variant."""
    return re.sub(r"V[12]$", "", str(name).split(">")[-1])


def plain_name(name):
    return name.replace("_", "").lower()


def ends(value):
    """Inputs or outputs as a list of [layer, node, tensor], however many there are."""
    return [value] if value and isinstance(value[0], str) else value


def node(found):
    """One call of a layer: its tensors' origins in order. Keras 2 writes [[layer, node, tensor, arguments], ...]."""
    origins = []

    def look(value):
        if isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                origins.append(value["config"]["keras_history"])
            else:
                for part in value.values():
                    look(part)
        elif isinstance(value, list):
            if len(value) in (3, 4) and isinstance(value[0], str) and all(type(v) is int for v in value[1:3]):
                origins.append(value[:3])
                look(value[3:])
            else:
                for part in value:
                    look(part)

    look(found)
    return origins


PARTS = {"architecture": architecture, "compile_config": compile_config, "optimizer_config": optimizer_config}
