"""The paths that Keras' saving library gives to the variables of a live model.

The library walks the attributes of the model, and what it reaches first gives the path:
https://github.com/keras-team/keras/blob/v3.8.0/keras/src/saving/saving_lib.py#L375 (Keras 3),
https://github.com/keras-team/tf-keras/blob/v2.18.0/tf_keras/saving/saving_lib.py#L344 (Keras 2).
"""

import collections

import numpy as np

from rescue.archive_layers import archive_snake_case

#: the packages whose base classes count
STRUCTURE_PACKAGES = ("keras", "tf_keras", "tensorflow")

#: the base classes that Keras 2's library saves
STRUCTURE_KERAS2_BASES = ("Layer", "Optimizer", "Metric", "Loss")

#: the base classes of Keras 3, the most special first, and the arguments that make an instance of each
STRUCTURE_KERAS3_BASES = collections.OrderedDict(
    [
        ("Functional", None),
        ("Sequential", None),
        ("Layer", ()),
        ("Metric", ()),
        ("Optimizer", (1.0,)),
        ("Loss", ()),
        ("Operation", ()),
    ]
)

#: what a model of Keras 3 has beside the attributes of a layer, and is not walked
STRUCTURE_MODEL_SKIPS = {"Functional": ("operations", "_operations"), "Sequential": ("_functional",)}

#: attributes that Keras 2 does not walk:
#: https://github.com/keras-team/tf-keras/blob/v2.18.0/tf_keras/saving/saving_lib.py#L60
STRUCTURE_KERAS2_SKIPS = frozenset(
    """
    _callable_losses _captured_weight_regularizer _checkpoint_dependencies _layer_checkpoint_dependencies
    _deferred_dependencies _eager_losses _inbound_nodes _inbound_nodes_value _output_layers _input_layers
    _keras_api_names _keras_api_names_v1 _name_based_restores _outbound_nodes _outbound_nodes_value
    _saved_model_arg_spec _self_name_based_restores _self_saveable_object_factories _self_tracked_trackables
    _saved_model_inputs_spec _self_unconditional_checkpoint_dependencies _self_unconditional_deferred_dependencies
    _self_unconditional_dependency_names _tf_api_names _tf_api_names_v1 _trainable_weights _non_trainable_weights
    _unconditional_checkpoint_dependencies _unconditional_dependency_names _updates _layer_call_argspecs
    inbound_nodes outbound_nodes input_shape output_shape submodules weights non_trainable_weights
    trainable_weights variables non_trainable_variables trainable_variables updates state_updates
    """.split()
)


def structural_paths(model, nested=True):
    """{path in the file of Keras' saving library: live variable}: ``layers/dense_1/vars/0``, ``optimizer/vars/3``.

    A path whose value the library computes (a kernel merged with its LoRA matrices) is not among them.

    Parameters
    ----------
    nested : bool
        Whether lists in lists are walked, as in Keras 3.15; before, the library passed over the layers in them:
        https://github.com/keras-team/keras/pull/22362
    """
    paths = collections.OrderedDict()
    for path, thing in structural_objects(model, nested).items():
        for key, variable in _own_variables(thing):
            paths["/".join(filter(None, [path, "vars", key]))] = variable
    return paths


def structural_objects(model, nested=True):
    """{path: live object} of all layers, optimizers and metrics in the library's order; the model has the path ""."""
    walk = _Walk(_is_keras3(model), nested)
    walk.add(model, "")
    return walk.objects


class _Walk(object):
    """The walk through the attributes of a model, which visits each object once."""

    def __init__(self, keras3, nested):
        self.keras3, self.nested = keras3, keras3 and nested
        self.objects, self.visited, self.skips = collections.OrderedDict(), set(), {}

    def add(self, thing, path):
        if id(thing) in self.visited:
            return
        self.visited.add(id(thing))
        self.objects[path] = thing
        for name, value in self._keras3_attributes(thing) if self.keras3 else self._keras2_attributes(thing):
            place = path + "/" + name if path else name
            if self._is_saved(value):
                self.add(value, place)
            elif isinstance(value, (list, dict, tuple) if self.nested else (list, dict, tuple, set)):
                self._add_items(value, place, set())

    def _add_items(self, items, path, seen):
        """The objects in a list, by their class and a counter. Keras 2 does not count what it has visited before."""
        if id(items) in seen:
            return
        seen.add(id(items))
        count = collections.Counter()
        for item in list(items.values()) if isinstance(items, dict) else list(items):
            saved = self._is_saved(item)
            if saved and not self.keras3 and id(item) in self.visited:
                continue
            if saved or (self.nested and isinstance(item, (list, dict, tuple))):
                kind = archive_snake_case(item.__class__.__name__) if saved else "container"
                place = path + "/" + ("%s_%d" % (kind, count[kind]) if count[kind] else kind)
                count[kind] += 1
                self.add(item, place) if saved else self._add_items(item, place, seen)

    def _is_saved(self, value):
        if self.keras3:
            return _is_keras3(value)
        return any(base.__name__ in STRUCTURE_KERAS2_BASES for base in _keras_bases(value))

    def _keras2_attributes(self, thing):
        """Keras 2.13 and later walk backwards through the alphabet, so that private attributes come last."""
        return _attributes(thing, sorted(dir(thing), reverse=True), STRUCTURE_KERAS2_SKIPS)

    def _keras3_attributes(self, thing):
        bases = {base.__name__: base for base in _keras_bases(thing)}
        kind = next((name for name in STRUCTURE_KERAS3_BASES if name in bases), None)
        if kind in STRUCTURE_MODEL_SKIPS:
            yield "layers", thing.layers
        names = sorted(dir(thing), key=lambda name: "~" + name if name.startswith("_") else name)
        for found in _attributes(thing, names, self._keras3_skips(kind, bases)):
            yield found

    def _keras3_skips(self, kind, bases):
        """The attributes of an empty object of the base class, as in Keras 3."""
        if kind not in self.skips:
            base = "Layer" if kind in STRUCTURE_MODEL_SKIPS else kind
            skips = set(dir(bases[base](*STRUCTURE_KERAS3_BASES[base]))) if base else set()
            skips.update(STRUCTURE_MODEL_SKIPS.get(kind, ()), ["_self_unconditional_dependency_names"])
            self.skips[kind] = skips - {"variables"} if kind == "Optimizer" else skips
        compiled = bases.get("CompileMetrics")
        return self.skips[kind] | (set(dir(compiled([], []))) if compiled else set())


def _attributes(thing, names, skips):
    for name in names:
        if name.startswith("__") or name in skips:
            continue
        try:
            value = getattr(thing, name)
        except Exception:  # a property that is not defined yet
            continue
        yield name, value


def _keras_bases(thing):
    return [base for base in type(thing).__mro__ if base.__module__.split(".")[0] in STRUCTURE_PACKAGES]


def _is_keras3(thing):
    return any(base.__name__ == "KerasSaveable" for base in _keras_bases(thing))


def _own_variables(thing):
    """[(key, variable)] that an object saves itself. Keras 2 saves copies: they are traced back by their position."""
    if _is_keras3(thing) and not hasattr(thing, "save_own_variables"):
        return []  # a metric
    listed, store = _listed_variables(thing), {}
    try:
        thing.save_own_variables(store)
    except Exception:  # Keras before 2.13, or a session holds the values
        return [(str(i), v) for i, v in enumerate(listed)]
    return [(key, _live(key, value, listed)) for key, value in store.items() if _live(key, value, listed) is not None]


def _listed_variables(thing):
    for names in (
        ("_trainable_variables", "_non_trainable_variables"),
        ("_trainable_weights", "_non_trainable_weights"),
    ):
        if all(isinstance(getattr(thing, name, None), list) for name in names):
            return [v for name in names for v in getattr(thing, name)]
    variables = getattr(thing, "variables", ())
    return list(variables() if callable(variables) else variables)


def _live(key, value, listed):
    """The variable whose value was saved; None for a computed value."""
    if hasattr(value, "assign"):
        return value
    variable = listed[int(key)] if key.isdigit() and int(key) < len(listed) else None
    same = variable is not None and np.asarray(variable).tobytes() == np.asarray(value).tobytes()
    return variable if same else None
