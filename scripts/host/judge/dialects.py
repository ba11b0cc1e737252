"""Compares what two Keras versions state about one model: architecture, compile config and optimizer config.

Each version has a dialect: arguments that the other does not know, and other spellings of the same thing. Arguments
that both state are compared. An argument that only the reference states is lost, unless leaving it out means the same.
An argument that only the consumer states is new there, and is only noted. Other differences are settled by the code:
the consumer also describes the model that the same code builds there, and a difference that this description shows as
well is only a spelling. That never excuses a number, because a changed default would look the same. Within one runtime
there is one dialect.
"""

import re

import numpy as np

from host.judge.differ import UNKNOWN, Differ
from host.judge.result import Result, missing, not_compared

#: an argument's old name -> its present name
RENAMED = {"batch_input_shape": "batch_shape", "lr": "learning_rate"}
#: arguments that do not change how a model or an optimizer behaves -> why they do not
IMMATERIAL = {
    "implementation": "how an RNN is computed, not what",
    "time_major": "removed in Keras 3; True cannot be loaded there",
    "is_legacy_optimizer": "which of Keras 2's two families of optimizers wrote the config",
    "build_input_shape": "follows from the input",
}
#: arguments of an optimizer that say how a step is executed; a model has its own in the compile options
EXECUTION = ("jit_compile",)


def compare_description(part, reference, observed, code=None):
    """The Result of ``architecture``, ``compile_config`` or ``optimizer_config`` between two runtimes.

    ``code`` is the consumer's description of the model that the code builds there; None if it builds none.
    """
    if reference is None:
        return not_compared("nothing to compare: the reference has none")
    if observed is None:
        return missing()
    differ = Differ()
    differ.walk(PARTS[part](reference), PARTS[part](observed), PARTS[part](code) if code else UNKNOWN)
    if not differ.compared:
        return not_compared(f"the two dialects state nothing in common; {'; '.join(differ.notes[:3])}")
    notes = [f"new in the consumer: {note}" for note in differ.notes]
    notes += [f"as the code says it there: {line}" for line in differ.excused]
    status = "different" if differ.lost else "identical"
    return Result(status, differ.compared, len(differ.lost), detail=differ.lost + notes)


def architecture(description):
    """An architecture in one spelling: layers by name, and a single input or output without its list."""
    spell = {"class": spelt, "config": config, "layers": by_name, "inputs": single, "outputs": single}
    return {key: spell.get(key, _unchanged)(value) for key, value in description.items()}


def _unchanged(value):
    return value


def by_name(layers):
    """{name: facts} of Keras layers. The entries of a TensorFlow 1 graph are no Keras layers and stay unchanged."""
    if not all(isinstance(layer, dict) and "name" in layer for layer in layers):
        return layers
    return {layer["name"]: {"class": spelt(layer["class"]), **_of_layer(layer)} for layer in layers}


def _of_layer(layer):
    """The facts of a layer that are compared. An InputLayer has nothing to train, and its dtype is in its config."""
    keys = ("vocabulary",) if spelt(layer["class"]) == "InputLayer" else OF_LAYER
    return {key: layer.get(key) for key in keys}


OF_LAYER = ("trainable", "dtype_policy", "vocabulary")


def single(structure):
    """A structure without the list around a single tensor: Keras 2 does not distinguish the two."""
    if isinstance(structure, dict) and len(structure.get("list", ())) == 1:
        return structure["list"][0]
    return structure


def optimizer_config(description):
    """Class and arguments in one spelling; the name ``RMSprop`` of one Keras is ``rm_sprop`` in another."""
    stated = {k: v for k, v in config(description["config"]).items() if k not in EXECUTION}
    if not stated.get("use_ema"):
        stated = {k: v for k, v in stated.items() if not k.startswith("ema_")}
    if isinstance(stated.get("name"), str):
        stated["name"] = plain_name(stated["name"])
    return {"class": spelt(description["class"]), "config": stated}


def compile_config(description):
    """Losses, metrics and execution options in one spelling."""
    return config(dict(description, options=description.get("options") or {}))


def config(value, key=None):
    """A config in one spelling: of its arguments, and of policies, functions and nodes of the graph in it."""
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
    """The name of a policy or a function; class and config of any other object."""
    inner = value["config"]
    if isinstance(inner, str):
        return inner
    if key == "dtype" and isinstance(inner, dict):
        return inner.get("name")
    rest = {k: v for k, v in value.items() if k not in ("class_name", "config")}
    stated = config(inner)
    if isinstance(stated, dict) and str(key).endswith("initializer"):
        stated = {k: v for k, v in stated.items() if k != "dtype"}  # the layer's dtype; only before TensorFlow 2.2
    if isinstance(stated, dict) and spelt(value["class_name"]) != "InputLayer":
        stated = {k: v for k, v in stated.items() if k != "batch_shape"}  # a Sequential's input, on its first layer
    return {**config(rest), "class_name": spelt(value["class_name"]), "config": stated}


def number(value):
    """A number rounded to float32, the precision that computations use; any other value unchanged."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(np.float32(value))
    return value


def spelt(name):
    """A class's name without its package, and without the suffix V1 or V2."""
    return re.sub(r"V[12]$", "", str(name).split(">")[-1])


def plain_name(name):
    return name.replace("_", "").lower()


def ends(value):
    """Inputs or outputs as a list of [layer, node, tensor], even if there is only one."""
    return [value] if value and isinstance(value[0], str) else value


def node(call):
    """The origins of the tensors in one call of a layer, in order.

    Keras 2 writes [[layer, node, tensor, arguments], ...], Keras 3 writes ``__keras_tensor__`` objects.
    """
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

    look(call)
    return origins


PARTS = {"architecture": architecture, "compile_config": compile_config, "optimizer_config": optimizer_config}
