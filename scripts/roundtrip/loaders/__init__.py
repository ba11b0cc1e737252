"""Loaders: ways of reading an artifact back. One file each.

A loader declares

``TITLE``     what it does, in a line
``APIS``      {api: range of Keras versions that have it}
``READS``     the layouts that it reads (``LAYOUT`` of the formats)
``RESTORES``  the facets that it takes from the artifact, where the format carries them
``SUPPLIES``  the facets that the user's code supplies instead
``GIVES``     what can be done with the result: predict, evaluate, fit, layers
``VOID_FOR``  {model trait: (facets, link)}: for which models its documentation withdraws the promise
``REJECTS``   {model trait: reason}: which models it cannot be asked for (their cells are excluded)

and defines ``load(ctx, artifact)``, which returns a roundtrip.loaded.Loaded.
"""

import os

from roundtrip.formats import WHOLE_MODEL

EVERYTHING = ("predict", "evaluate", "fit", "layers")
FROM_CODE = ("architecture", "compile_config", "optimizer_config")

__all__ = ["WHOLE_MODEL", "EVERYTHING", "FROM_CODE", "only_file"]


def only_file(artifact, ending):
    """The path of the one file with this ending directly in the artifact; ValueError if not just one."""
    found = sorted(f for f in os.listdir(artifact) if f.endswith(ending))
    if len(found) != 1:
        raise ValueError("expected one *%s in the artifact, found %s" % (ending, found or "none"))
    return os.path.join(artifact, found[0])
