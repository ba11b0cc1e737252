"""Routes: each file reads an artifact that somebody else made in one way, without the code of its model.

A route does not catch the exceptions of TensorFlow and Keras: an exception is a result.
"""

import numpy as np

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "route",
    [
        kinds.TITLE,
        kinds.apis(),
        kinds.Attribute(
            "READS",
            t.tuples(t.word("format")),
            kinds.REQUIRED,
            "the formats on which it is tried: `saved_model`, `frozen_graph`, `checkpoint`, `h5`, `keras`",
        ),
        kinds.Attribute("LINK", t.LINK, kinds.REQUIRED, "the page that documents it"),
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function(
            "run",
            ("ctx", "path", "wanted"),
            "reads the artifact; returns a roundtrip.routes.Reading. `ctx` has `rt`, `tf`, `v1` and `keras`; "
            "`wanted` is a Wanted",
            True,
        )
    ],
)


class Wanted(object):
    """The configuration of an artifact: inputs by name, the names of the outputs, the signature."""

    def __init__(self, item):
        self.inputs = item.get("inputs") or {}
        self.outputs = [bare(name) for name in item.get("outputs") or sorted(item.get("expected") or {})]
        self.signature = item.get("signature") or "serving_default"

    def fill(self, specs):
        """{name: array} for {name: [shape, dtype]}: the configured inputs, or numbers generated from the shapes.

        Raises ValueError if a name is missing. If there is only one input, its name may differ.
        """
        if not self.inputs:
            return {name: made_up(*spec) for name, spec in sorted(specs.items())}
        given = {bare(name): value for name, value in self.inputs.items()}
        if len(given) == len(specs) == 1:
            given = dict.fromkeys(map(bare, specs), list(given.values())[0])
        missing = sorted(name for name in specs if bare(name) not in given)
        if missing:
            raise ValueError("no value for the input %s; given: %s" % (", ".join(missing), ", ".join(sorted(given))))
        return {name: np.array(given[bare(name)], spec[1]) for name, spec in specs.items()}


class Reading(object):
    """The result of a route.

    Parameters
    ----------
    signatures : dict
        {signature: {"inputs": {name: [shape, dtype]}, "outputs": {...}}}
    outputs : dict or None
        {name: array} of the configured signature; None if the route runs nothing.
    variables : dict
        {name: array} of the variables that the route can read.
    architecture : list or None
        [class, name] of each layer; None without layers.
    """

    def __init__(self, signatures, outputs=None, variables=None, architecture=None):
        self.signatures, self.variables, self.architecture = signatures, variables or {}, architecture
        self.outputs = None if outputs is None else {bare(name): np.asarray(v) for name, v in outputs.items()}


def bare(name):
    """A tensor's name without ``:0``."""
    return name[:-2] if name.endswith(":0") else name


def made_up(shape, dtype):
    """Numbers that are the same for every route: quarters from -0.75 to 0.75, or integers from 0 to 2."""
    if dtype in ("string", "object"):
        raise ValueError("inputs of strings cannot be generated: give `inputs` in the configuration")
    shape = tuple(2 if d is None else d for d in shape or ())
    count = np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
    kind = np.dtype(dtype).kind
    return (count % 3 if kind in "iub" else (count % 7 - 3) / 4.0).astype(dtype)
