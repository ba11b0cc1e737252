"""Members: the one-file models, formats, loaders, uses and modifiers.

A member is a module; its metadata are upper-case names at its top, its behaviour is functions. This
module fills in what a member leaves out, so that every reader sees the same attributes.
"""

import importlib
import os

#: kind -> {attribute: what holds where a member says nothing}
DEFAULTS = {
    "models": {
        "APIS": {"keras3": "", "keras2": ""},  # api -> range of Keras versions, "" for all
        "TRAITS": (),  # facts that formats, loaders and contracts refer to
        "TWIN": None,  # a model of the same architecture written another way
        "BACKENDS": (),  # of Keras 3; none named, any will do
        "SAMPLES": 200,  # training samples; with batches of 32 the last batch is ragged
    },
    "formats": {
        "APIS": {},
        "LAYOUT": None,  # what a loader matches on; the member's own id where it says nothing
        "CARRIES": {},  # facet -> link: the contract
        "WITHDRAWS": (),  # roundtrip.withdrawals.Withdrawal: what documentation takes back, and for what
        "CROSSES": {},  # what an artifact may cross beside newer versions (host.select.pairs.crossing) -> link
        "REJECTS": {},  # model trait -> reason
        "REJECTS_IN": {},  # api -> {model trait: reason}
        "BACKENDS": (),  # of Keras 3 on which it exists; none named, all of them
        "PACKAGES": (),
        "FILES": {},  # glob -> what the file is
        "OPTIONAL_FILES": {},
        "EMPTY": {},  # folder that must be there and hold nothing -> why
    },
    "loaders": {
        "APIS": {},
        "READS": (),
        "READS_IN": {},  # api -> layouts that it reads there alone
        "RESTORES": (),  # facets taken from the artifact
        "SUPPLIES": (),  # facets that the user's code supplies
        "BUILDS_OPTIMIZER": False,  # whether it creates the optimizer's variables before it reads
        "GIVES": (),
        "WITHDRAWS": (),
        "REJECTS": {},
        "REJECTS_IN": {},
        "REQUIRES": {},  # model trait -> reason why it is needed
        "REQUIRES_MODIFIER": {},  # modifier trait -> reason why it is needed
        "BACKENDS": (),
        "PACKAGES": (),
    },
    "uses": {
        "APIS": {"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""},
        "NEEDS": (),
        "COMPARES": (),
        "REJECTS": {},
        "REQUIRES": {},  # model trait -> reason; "twin" is a trait of models that have a TWIN
    },
    "modifiers": {
        "APIS": {"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""},
        "TRAITS": (),  # facts that formats' and loaders' REQUIRES_MODIFIER and contracts refer to
        "REJECTS": {},
        "VARIABLES": (),  # environment variables without which there is nothing to run
    },
}

KINDS = tuple(DEFAULTS)


def names(kind):
    """The ids of a kind's members, sorted: file names without ``.py``."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), kind)
    return sorted(f[:-3] for f in os.listdir(folder) if f.endswith(".py") and not f.startswith("_"))


def member(kind, name):
    """The module of a member, its metadata completed by the kind's defaults.

    Raises ImportError where there is no such member.
    """
    module = importlib.import_module("roundtrip.%s.%s" % (kind, name))
    for attribute, default in DEFAULTS[kind].items():
        if not hasattr(module, attribute):
            setattr(module, attribute, default)
    module.ID = name
    if kind == "formats":
        module.LAYOUT = module.LAYOUT or name
        module.WRITES_IN_FIT = hasattr(module, "callbacks") or hasattr(module, "fit")
    return module


class Metadata(object):
    """A member's metadata alone."""

    def __init__(self, attributes):
        self.__dict__.update(attributes)


def in_api(member, api, contains):
    """The member as one api has it: a copy of its metadata, with what holds in that api alone worked in.

    ``READS_IN`` is added to ``READS``, ``REJECTS_IN`` to ``REJECTS``, and of ``WITHDRAWS`` is left what is said in
    this api. ``contains(range)`` says whether the api's Keras is in a range of versions ("" is all).
    """
    found = Metadata({k: v for k, v in vars(member).items() if k.isupper()})
    found.WITHDRAWS = tuple(w for w in member.WITHDRAWS if w.is_said_in(api, contains))
    if hasattr(found, "READS"):
        found.READS = tuple(found.READS) + tuple(found.READS_IN.get(api, ()))
    if hasattr(found, "REJECTS"):
        found.REJECTS = dict(found.REJECTS, **getattr(member, "REJECTS_IN", {}).get(api, {}))
    return found
