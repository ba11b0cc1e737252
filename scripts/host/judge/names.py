"""Canonical names of variables and of optimizer slots: Keras versions name the same variable differently.

The momentum of the kernel of a layer ``dense`` is called

``Variable_3``                   in TensorFlow 1.13, eagerly ``Variable#4``; only its position identifies it
                                 https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/optimizers.py
``dense/kernel/m``               in later graphs, without the prefix of the graph (roundtrip.layer_names)
``Adam/dense/kernel/m``          in Keras 2 before 2.11
                                 https://github.com/keras-team/keras/blob/v2.10.0/keras/optimizers/optimizer_v2/optimizer_v2.py#L1014
``Adam/m/dense/kernel``          in Keras 2 since 2.11
                                 https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/optimizer.py#L1202
``adam/dense_kernel_momentum``   in Keras 3
                                 https://github.com/keras-team/keras/blob/v3.15.1/keras/src/optimizers/base_optimizer.py#L313

and here ``momentum of dense/kernel``. Within one runtime, names are not changed.
"""

import re

from host.judge.states import pair

#: a slot's old name -> its name in Keras 3
SLOTS = {
    "m": "momentum",  # Adam and its relatives; SGD since 2.11
    "v": "velocity",
    "vhat": "velocity_hat",
    "u": "norm",  # Adamax
    "rms": "velocity",  # RMSprop before 2.11
    "mg": "average_gradient",
    "accum_grad": "accumulated_grad",  # Adadelta before 2.11
    "accum_var": "accumulated_delta_var",
}
#: optimizer class -> the slots that TensorFlow 1.13 creates without names, in order, by their names in 1.14; each slot
#: is created for every trainable weight before the next one
NAMELESS = {
    "SGD": ("momentum",),
    "RMSprop": ("rms",),
    "Adagrad": ("accumulator",),
    "Adadelta": ("accum_grad", "accum_var"),
    "Adam": ("m", "v", "vhat"),
    "Adamax": ("m", "v"),
    "Nadam": ("m", "v"),
}
#: a variable of the whole optimizer: its old name -> its name in Keras 3
WHOLE = {
    "iter": "iteration",
    "iterations": "iteration",
    "current_loss_scale": "dynamic_scale",
    "good_steps": "step_counter",
}
#: variables that one Keras lists, and another keeps only in the optimizer's config
IN_CONFIG = {"learning_rate": "no variable of the other Keras's optimizer; compared in optimizer_config"}


def with_slots_named(facts):
    """The facts of a run, with the slots renamed whose meaning depends on the optimizer's class."""
    optimizer = (facts.get("describe") or {}).get("optimizer_config")
    keras = optimizer and isinstance(optimizer["class"], str)  # a graph of TensorFlow 1 states the types of its ops
    states = [key for key in ("state", "final_state", "control_state") if keras and key in facts]
    return {**facts, **{key: _with_slots_named(facts[key], optimizer) for key in states}}


def _with_slots_named(state, optimizer):
    weights = [e["name"] for e in state if e["role"] != "optimizer"]
    slots = [e for e in state if e["role"] == "optimizer"]
    names = {e["name"]: e["name"] for e in slots} | _placed(state, slots, optimizer)
    if optimizer["class"] == "Adamax":  # before 2.11 its infinity norm is called v, like Adam's velocity
        ours = tuple(f"{weight}/v" for weight in weights)
        names = {name: f"{new[:-1]}u" if new.endswith(ours) else new for name, new in names.items()}
    # in 1.13, Adam without AMSGrad creates its third slots too, with one number each, and never reads them
    unread = () if optimizer["config"].get("amsgrad") else ("vhat",)
    named = [dict(e, name=names[e["name"]]) for e in slots if names[e["name"]].split("/")[-1] not in unread]
    return [e for e in state if e["role"] != "optimizer"] + named


def _placed(state, slots, optimizer):
    """{name: its name in 1.14} of the slots that TensorFlow 1.13 creates without names, by their position."""
    trained = [e["name"] for e in state if e["role"] == "trainable"]
    places = [f"{weight}/{slot}" for slot in NAMELESS.get(optimizer["class"], ()) for weight in trained]
    nameless = [e["name"] for e in slots if re.fullmatch(r"Variable(_\d+)?(#\d+)?", e["name"])]
    return dict(zip(nameless, places, strict=True)) if len(nameless) == len(places) else {}


def aligned(reference, observed):
    """(reference, observed, {role: notes}): the entries of two states under comparable names.

    Weights without a namesake are matched by creation order and shape. The names of slots follow from the weights.
    """
    ours, theirs = ([e for e in state if e["role"] != "optimizer"] for state in (reference, observed))
    pairs, notes = pair(ours, theirs)
    renamed = {o["name"]: r["name"] for r, o in pairs if r is not None and o is not None}
    slots = canonical(reference), canonical(observed, renamed)
    only_one_side = [
        f"{e['name']}: {IN_CONFIG[e['name']]}"
        for here, there in (slots, slots[::-1])
        for e in here
        if e["name"] in IN_CONFIG and e["name"] not in {o["name"] for o in there}
    ]
    common = {e["name"] for e in slots[0]} & {e["name"] for e in slots[1]}
    slots = [[e for e in state if e["name"] not in IN_CONFIG or e["name"] in common] for state in slots]
    theirs = [dict(e, name=renamed.get(e["name"], e["name"])) for e in theirs]
    return ours + slots[0], theirs + slots[1], {"trainable": notes, "optimizer": only_one_side}


def canonical(state, renamed=None):
    """The optimizer's entries of a state, under canonical names. ``renamed`` is {a weight's name: its new name}."""
    weights = [e["name"] for e in state if e["role"] != "optimizer"]
    entries, count = [], {}
    for entry in state:
        if entry["role"] == "optimizer":
            name = of_slot(entry["name"], weights, renamed or {})
            count[name] = count.get(name, 0) + 1
            entries.append(dict(entry, name=name if count[name] == 1 else f"{name}#{count[name]}"))
    return entries


def of_slot(name, weights, renamed):
    """The canonical name of one variable of an optimizer."""
    bare, number = re.fullmatch(r"(.*?)(#\d+)?", name).groups()
    for weight in sorted(weights, key=len, reverse=True):
        stem, of = re.fullmatch(r"(.*?)(#\d+)?", weight).groups()
        if of != number and of is not None:
            continue
        match = re.fullmatch(rf"(?:(.*)[/_])?{_either(stem)}(?:[/_](.*))?", bare)
        if match and (match[1] or match[2]):
            slot = match[2] or match[1].split("/")[-1]
            return f"{SLOTS.get(slot, slot)} of {renamed.get(weight, weight)}"
    last = bare.split("/")[-1]
    return WHOLE.get(last, last) + (number or "")


def _either(stem):
    """A pattern of a weight's name with slashes, or with underscores as in Keras 3."""
    return "[/_]".join(map(re.escape, stem.split("/")))
