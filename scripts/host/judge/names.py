"""Canonical names of variables and of optimizer slots: Keras versions name the same variable differently.

How each version calls the momentum of the kernel of a layer ``dense`` is in rescue.slots; here it is
``momentum of dense/kernel``. Within one runtime, names are not changed.
"""

import re

from host.judge.states import pair
from rescue.slots import NAMELESS, SLOTS, WHOLE

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
