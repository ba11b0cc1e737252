"""A live optimizer: its variables by slot, and their creation."""

import collections
import importlib

from rescue.live import live_name
from rescue.slots import slot_named, slot_of_list, whole_named

#: a variable of a live optimizer
#:
#: slot : str, "momentum", or "iteration" for a variable of the whole optimizer
#: weight : int or None, the position of its weight among the optimizer's trainable weights
#: depth : int, 0; 1 for the optimizer inside a LossScaleOptimizer
LiveSlot = collections.namedtuple("LiveSlot", "slot weight depth variable")


def compiled_optimizer(model):
    """The optimizer of a compiled model, or None.

    Keras 2's load_model of a SavedModel with compile=False sets an optimizer too, with which nothing can be trained.
    """
    compiled = getattr(model, "compiled", getattr(model, "_is_compiled", True))
    return getattr(model, "optimizer", None) if compiled else None


def usable_optimizer(model):
    """The optimizer of a compiled model, with its variables created; None if the model is not compiled.

    Keras 3's load_model of an HDF5 file marks an optimizer without slots as built, so that training raises; and one
    that was built before weights were frozen has slots for others. Then a new one with its arguments takes its place.
    """
    optimizer, weights = compiled_optimizer(model), model.trainable_weights
    if optimizer is None:
        return None
    create_slots(optimizer, weights)
    own = getattr(inner_of(optimizer) or optimizer, "_trainable_variables", None)
    if own is not None and [id(v) for v in own] != [id(v) for v in weights]:
        optimizer = type(optimizer).from_config(optimizer.get_config())
        create_slots(optimizer, weights)
    return optimizer


def give_optimizer(model, optimizer):
    """Let another optimizer take the place of a compiled model's. Compiling again would replace its metrics too.

    A later ``save`` writes the arguments that ``compile`` got, so they have to name the new optimizer.
    """
    model.optimizer = optimizer
    arguments = getattr(getattr(model, "_compile_config", None), "config", None)
    if isinstance(arguments, dict) and "optimizer" in arguments:
        arguments["optimizer"] = optimizer
    for function in ("train_function", "_train_function"):
        if getattr(model, function, None) is not None:
            setattr(model, function, None)


def create_slots(optimizer, weights):
    """Create the optimizer's variables, as the first step of training does."""
    if hasattr(type(optimizer), "build"):
        if not getattr(optimizer, "built", False) and not getattr(optimizer, "_built", False):
            optimizer.build(weights)
    elif inner_of(optimizer) is not None:
        create_slots(inner_of(optimizer), weights)
    elif hasattr(optimizer, "_create_all_weights"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer._create_all_weights(weights)
    elif hasattr(optimizer, "_create_slots"):
        with importlib.import_module("tensorflow").name_scope(optimizer._name):
            optimizer.iterations  # noqa: B018 - creates the counter
            getattr(optimizer, "_create_hypers", list)()
            optimizer._create_slots(weights)


def inner_of(optimizer):
    """The optimizer inside a LossScaleOptimizer, or None."""
    return getattr(optimizer, "inner_optimizer", None) or getattr(optimizer, "_optimizer", None)


def live_slots(optimizer, weights, depth=0):
    """[LiveSlot] of an optimizer in the order of its variables, those of an inner one included."""
    if inner_of(optimizer) is None and hasattr(optimizer, "get_slot_names"):
        found = _slots_before_2_11(optimizer, weights, depth)
    else:
        found = _slots_by_attribute(optimizer, weights, depth)
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    order = {id(v): place for place, v in enumerate(variables)}
    inner = inner_of(optimizer)
    nested = live_slots(inner, weights, depth + 1) if inner is not None else []
    taken = {id(slot.variable) for slot in nested}
    found = [slot for slot in found if id(slot.variable) not in taken] + _loss_scale(optimizer, depth) + nested
    return sorted(found, key=lambda slot: order.get(id(slot.variable), len(order)))


def _loss_scale(optimizer, depth):
    """Keras 2's LossScaleOptimizer keeps its scale and its counter in an object of its own."""
    kept = getattr(getattr(optimizer, "_loss_scale", None), "_weights", None)
    listed = sorted(kept.items(), key=str) if isinstance(kept, dict) else []  # {(name, graph): variable}
    return [LiveSlot(whole_named(key[0]), None, depth, variable) for key, variable in listed]


def _slots_before_2_11(optimizer, weights, depth):
    """An OptimizerV2 names its slots, and gives the variable of each."""
    slots = [
        LiveSlot(slot_named(name, type(optimizer).__name__), place, depth, optimizer.get_slot(weight, name))
        for name in optimizer.get_slot_names()
        for place, weight in enumerate(weights)
    ]
    listed = {id(slot.variable) for slot in slots}
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    whole = [v for v in variables if id(v) not in listed]
    return slots + [LiveSlot(whole_named(live_name(v).split("/")[-1]), None, depth, v) for v in whole]


def _slots_by_attribute(optimizer, weights, depth):
    """Optimizers since 2.11 keep a slot as an attribute, a list with one variable for each trainable weight."""
    found, skipped = [], ("_variables", "_trainable_variables", "_inner_optimizer", "inner_optimizer", "_optimizer")
    for attribute, value in vars(optimizer).items():
        if attribute in skipped or attribute.startswith("_self_"):
            continue
        if _is_variable(value):
            found.append(LiveSlot(whole_named(attribute.lstrip("_")), None, depth, value))
        elif isinstance(value, (list, tuple)) and len(value) == len(weights):
            slot = slot_of_list(attribute)
            found += [LiveSlot(slot, place, depth, v) for place, v in enumerate(value) if _is_variable(v)]
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    listed = {id(v) for v in variables}
    untracked = ("u_product", "learning_rate")  # Keras 2 reads them in each step and lists them nowhere
    return [s for s in found if id(s.variable) in listed or s.slot in untracked]


def _is_variable(value):
    return hasattr(value, "assign") and hasattr(value, "shape") and not callable(getattr(value, "from_config", None))
