"""The names of an optimizer's variables: Keras versions give the same variable different names, or none.

The momentum of the kernel of a layer ``dense`` is called

``Variable_3``                   in TensorFlow 1.13 and in Keras before 2.3; only its position identifies it
                                 https://github.com/tensorflow/tensorflow/blob/v1.13.2/tensorflow/python/keras/optimizers.py
``m_0``                          in Keras 2.3; only its position identifies it
                                 https://github.com/keras-team/keras/blob/2.3.1/keras/optimizers.py
``Adam/dense/kernel/m``          in Keras 2 before 2.11
                                 https://github.com/keras-team/keras/blob/v2.10.0/keras/optimizers/optimizer_v2/optimizer_v2.py#L1014
``Adam/m/dense/kernel``          in Keras 2 since 2.11
                                 https://github.com/keras-team/tf-keras/blob/v2.21.0/tf_keras/optimizers/optimizer.py#L1202
``adam/dense_kernel_momentum``   in Keras 3
                                 https://github.com/keras-team/keras/blob/v3.15.1/keras/src/optimizers/base_optimizer.py#L313
``vars/2``                       in ``.keras`` and ``.weights.h5``; only its position identifies it

and here ``("momentum", "dense/kernel")``.
"""

import re

#: a slot's other names -> its name in Keras 3
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
#: a variable of the whole optimizer: its other names -> its name in Keras 3
WHOLE = {
    "iter": "iteration",
    "iterations": "iteration",
    "current_loss_scale": "dynamic_scale",
    "good_steps": "step_counter",
}
#: more of them, which only this program compares: Keras 3's Nadam calls its running product "variable"
PRODUCT = {"momentum_cache": "u_product", "m_schedule": "u_product", "variable": "u_product"}
#: names without a weight: ``training/Adam/Variable_3``, and ``m_0`` of Keras 2.3; TensorFlow numbers a repeated name
NO_WEIGHT = re.compile(
    r"((.*/)?Variable|(training(_\d+)?/[^/]+/)?(m|v|vhat|u|moment|accumulator|delta_accumulator)_\d+)(_\d+)?$"
)
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
#: an attribute of a live optimizer that lists one variable for each trainable weight -> the slot, where the name of the
#: slot is not that of the attribute in the singular
LISTS = {
    "m": "momentum",
    "u": "norm",
    "v": "velocity",
    "velocities": "velocity",
    "adam_velocities": "velocity",
    "model_variables_moving_average": "average",
    "accumulated_gradients": "gradient_accumulator",
}
#: optimizers of Keras whose slots of these names hold sums of squares, or largest absolute values, never below zero
SQUARES = ("Adam", "AdamW", "Nadam", "Adamax", "Lamb", "RMSprop", "Adadelta", "Muon", "ScheduleFreeAdamW")
NEVER_NEGATIVE = ("velocity", "velocity_hat", "norm", "accumulated_grad", "accumulated_delta_var")


def slot_of_list(attribute):
    """The slot that an optimizer's attribute lists: ``_momentums`` is ``momentum``."""
    bare = attribute.lstrip("_")
    return LISTS.get(bare, bare[:-1] if bare.endswith("s") and len(bare) > 2 else bare)


def slot_named(slot, optimizer):
    """The name in Keras 3 of a slot. Before 2.11, Adamax calls its infinity norm ``v``, as Adam calls its velocity."""
    if slot == "v" and optimizer == "Adamax":
        return "norm"
    return SLOTS.get(slot, slot)


def split_name(name, weights, optimizer):
    """(slot, weight) of a variable's name; (name of the whole optimizer's variable, None) if no weight is named.

    Parameters
    ----------
    name : str, e.g. ``Adam/m/dense/kernel``
    weights : iterable of str, the names of the trainable weights: ``dense/kernel``
    optimizer : str, the optimizer's class
    """
    for weight in sorted(weights, key=len, reverse=True):
        stem = "[/_]".join(map(re.escape, weight.split("/")))
        match = re.match("(?:(.*)[/_])?%s(?:[/_](.*))?$" % stem, name)
        if match and (match.group(1) or match.group(2)):
            slot = match.group(2) or match.group(1).split("/")[-1]
            return slot_named(slot, optimizer), weight
    last = re.sub(r"(_\d+)?$", "", name.split("/")[-1]) if "variable" in name else name.split("/")[-1]
    return whole_named(last), None


def whole_named(name):
    """The name in Keras 3 of a variable of the whole optimizer. Of a second model in a session, it has a number."""
    unnumbered = re.sub(r"_\d+$", "", name)
    name = unnumbered if unnumbered in WHOLE else name
    return WHOLE.get(name, PRODUCT.get(name, name))


def nameless(name):
    """Whether a name does not say to which weight its variable belongs."""
    return name is None or NO_WEIGHT.match(name) is not None


def count_up(names):
    """Whether names without a weight are in the order of creation: in each slot, their numbers count up."""
    last = {}
    for name in names:
        stem, numbers = re.match(r"(.*?)((?:_\d+)*)$", name).groups()
        number = tuple(int(part) for part in numbers.split("_")[1:])
        if number <= last.get(stem, (-1,)) and stem in last:
            return False
        last[stem] = number
    return True
