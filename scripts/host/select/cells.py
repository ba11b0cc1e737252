"""The axes of a path, and the name of a path: a Cell of the matrix, or a Bridge."""

import collections

AXES = ("producer", "model", "modifier", "format", "consumer", "loader", "use")
#: axis -> kind of member; producer and consumer are runtimes
KINDS = {"model": "models", "modifier": "modifiers", "format": "formats", "loader": "loaders", "use": "uses"}
#: the axes of a path on which a third runtime loads the artifact and saves it again
BRIDGE_AXES = AXES[:4] + ("via", "via_loader", "via_format") + AXES[4:]

Cell = collections.namedtuple("Cell", AXES)
Bridge = collections.namedtuple("Bridge", BRIDGE_AXES)
