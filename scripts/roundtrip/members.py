"""Members: the one-file models, formats, loaders, uses and modifiers.

A member is a module. Its metadata are upper-case names at the top, and its functions do the work. The kind's package
declares the attributes (``KIND``, roundtrip.kinds). This module sets the missing attributes of a member to their
defaults.
"""

import importlib
import os

KINDS = ("models", "formats", "loaders", "uses", "modifiers")


def schema_of(kind):
    """What the members of a kind declare and define: a roundtrip.kinds.Kind."""
    return importlib.import_module("roundtrip." + kind).KIND


def names(kind):
    """The ids of a kind's members, sorted: file names without ``.py``."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), kind)
    return sorted(f[:-3] for f in os.listdir(folder) if f.endswith(".py") and not f.startswith("_"))


def member(kind, name):
    """The module of a member, checked, with the kind's defaults for missing attributes.

    Raises ImportError if there is no such member, roundtrip.kinds.MemberError if it does not match its kind.
    """
    module = importlib.import_module("roundtrip.%s.%s" % (kind, name))
    if not hasattr(module, "ID"):
        schema_of(kind).complete(module, name)
        if kind == "formats":
            module.WRITES_IN_FIT = hasattr(module, "callbacks") or hasattr(module, "fit")
        if kind == "loaders":
            module.IS_LOADER, module.IS_ROUTE = hasattr(module, "load"), hasattr(module, "read")
    return module


class Metadata(object):
    """The metadata of a member, without its functions."""

    def __init__(self, attributes):
        self.__dict__.update(attributes)


def in_api(member, api, contains):
    """A copy of the member's metadata for one api.

    ``READS`` includes ``READS_IN`` of the api, ``REJECTS`` includes ``REJECTS_IN`` of the api, and ``WITHDRAWS`` has
    only the withdrawals for the api. ``contains(range)`` says whether the api's Keras is in a range of versions.
    """
    found = Metadata({k: v for k, v in vars(member).items() if k.isupper()})
    found.WITHDRAWS = tuple(w for w in member.WITHDRAWS if w.is_said_in(api, contains))
    if hasattr(found, "READS"):
        found.READS = tuple(found.READS) + tuple(found.READS_IN.get(api, ()))
    if hasattr(found, "REJECTS"):
        found.REJECTS = dict(found.REJECTS, **getattr(member, "REJECTS_IN", {}).get(api, {}))
    return found
