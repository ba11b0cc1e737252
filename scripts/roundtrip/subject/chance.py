"""What of the user's code cannot repeat: calls whose results no seed decides, noted with their line.

Nothing is changed: each call gives what it gives. With a seed (``default_rng(7)``) a call is not noted.
"""

import os
import random
import sys
import time
import uuid

import numpy as np

_CLOCK = "the clock"
#: (where it is found, its name, what it draws from; None: chance only where it gets no argument)
CALLS = (
    (np.random, "default_rng", None),
    (np.random, "RandomState", None),
    (np.random, "seed", None),
    (random, "Random", None),
    (random, "seed", None),
    (random, "SystemRandom", "the machine's chance"),
    (os, "urandom", "the machine's chance"),
    (uuid, "uuid4", "the machine's chance"),
    (uuid, "uuid1", _CLOCK),
    (time, "time", _CLOCK),
    (time, "time_ns", _CLOCK),
    (time, "perf_counter", _CLOCK),
)


class Noted(object):
    """The calls of user's lines that no seed decides, from now on; ``lines`` are sentences."""

    def __init__(self, code):
        self.code, self.lines = code, []
        for module, name, source in CALLS:
            if not isinstance(getattr(module, name), type):  # a class stays one: others inherit from it
                self._watch(module, name, source)

    def watch_tensorflow(self, tf):
        """Note the generators of TensorFlow that take their seed from the machine."""
        generator = getattr(tf.random, "Generator", None)
        if hasattr(generator, "from_non_deterministic_state"):
            self._watch(generator, "from_non_deterministic_state", "the machine's chance")

    def _watch(self, module, name, source):
        called = getattr(module, name)

        def noting(*arguments, **named):
            if source or not (arguments or named):
                self.note(sys._getframe(1), "%s.%s" % (getattr(module, "__name__", module), name), source)
            return called(*arguments, **named)

        noting.__name__, noting.__doc__ = name, called.__doc__
        setattr(module, name, staticmethod(noting) if isinstance(module, type) else noting)

    def note(self, frame, name, source):
        if self.code.owns(frame.f_code.co_filename):
            where = "%s line %d" % (self.code.short(frame.f_code.co_filename), frame.f_lineno)
            line = "%s calls %s%s" % (where, name, ", which asks %s" % source if source else " without a seed")
            if line not in self.lines:
                self.lines.append(line)
