"""Members: the one-file models, formats, loaders, uses, modifiers and routes.

A member is a module; its metadata are upper-case names at its top, its behaviour is functions. What its kind may
declare is in the kind's package (``KIND``, roundtrip.kinds); what a member leaves out is filled in here, so that
every reader sees the same attributes.
"""

import importlib
import os

KINDS = ("models", "formats", "loaders", "uses", "modifiers", "routes")


def schema_of(kind):
    """What the members of a kind declare and define: a roundtrip.kinds.Kind."""
    return importlib.import_module("roundtrip." + kind).KIND


def names(kind):
    """The ids of a kind's members, sorted: file names without ``.py``."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), kind)
    return sorted(f[:-3] for f in os.listdir(folder) if f.endswith(".py") and not f.startswith("_"))


def member(kind, name):
    """The module of a member, checked, its metadata completed by the kind's defaults.

    Raises ImportError where there is no such member, roundtrip.kinds.MemberError where it is not as its kind says.
    """
    module = importlib.import_module("roundtrip.%s.%s" % (kind, name))
    if not hasattr(module, "ID"):
        schema_of(kind).complete(module, name)
        if kind == "formats":
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
