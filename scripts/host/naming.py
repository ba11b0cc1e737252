"""One name for what every Keras calls by another: variables, and an optimizer's slots, of two runtimes.

The same momentum of the kernel of a layer ``dense`` is

``Adam/dense/kernel/m``          the optimizers of Keras 2 before 2.11 (``slot`` of a TensorFlow 1 optimizer as well)
                                 https://github.com/keras-team/keras/blob/v2.10.0/keras/optimizers/optimizer_v2/optimizer_v2.py#L1014
``Adam/m/dense/kernel``          those since
                                 https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/optimizer.py#L1202
``adam/dense_kernel_momentum``   Keras 3
                                 https://github.com/keras-team/keras/blob/v3.15.1/keras/src/optimizers/base_optimizer.py#L313

and here ``momentum of dense/kernel``. Within one runtime names are left as they are.
"""

import re

from host import compare

#: a slot's older name -> Keras 3's
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
#: a variable of the whole optimizer: its older name -> Keras 3's
WHOLE = {
    "iter": "iteration",
    "iterations": "iteration",
    "current_loss_scale": "dynamic_scale",
    "good_steps": "step_counter",
}
#: variables that one Keras lists and another keeps in the optimizer's config, where they are compared
IN_CONFIG = {"learning_rate": "no variable of the other Keras's optimizer: compared as optimizer_config"}


def aligned(reference, observed):
    """(reference, observed, notes): the entries of two states under names that can be compared.

    Weights that are called otherwise are matched by creation order and shape, and the slots follow them.
    """
    ours, theirs = ([e for e in state if e["role"] != "optimizer"] for state in (reference, observed))
    pairs, notes = compare.pair(ours, theirs)
    renamed = {o["name"]: r["name"] for r, o in pairs if r is not None and o is not None}
    slots = canonical(reference), canonical(observed, renamed)
    left = [
        f"{e['name']}: {IN_CONFIG[e['name']]}"
        for here, there in (slots, slots[::-1])
        for e in here
        if e["name"] in IN_CONFIG and e["name"] not in {o["name"] for o in there}
    ]
    common = {e["name"] for e in slots[0]} & {e["name"] for e in slots[1]}
    slots = [[e for e in state if e["name"] not in IN_CONFIG or e["name"] in common] for state in slots]
    theirs = [dict(e, name=renamed.get(e["name"], e["name"])) for e in theirs]
    return ours + slots[0], theirs + slots[1], notes + left


def canonical(state, renamed=None):
    """An optimizer's entries of a state by their canonical names; ``renamed`` is {a weight's name: another}."""
    weights = [e["name"] for e in state if e["role"] != "optimizer"]
    found, count = [], {}
    for entry in state:
        if entry["role"] == "optimizer":
            name = of_slot(entry["name"], weights, renamed or {})
            count[name] = count.get(name, 0) + 1
            found.append(dict(entry, name=name if count[name] == 1 else f"{name}#{count[name]}"))
    return found


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
    """A pattern of a weight's name, whose parts Keras 3 joins by underscores."""
    return "[/_]".join(map(re.escape, stem.split("/")))
