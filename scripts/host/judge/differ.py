"""Walks two descriptions in one spelling, and sorts their differences: lost, new, or only stated differently."""

import re

from host.judge.trees import short

#: values that mean the same as leaving the argument out; None, False and empty values do too
ABSENT = {"steps_per_execution": 1, "jit_compile": "auto", "reduction": "sum_over_batch_size", "decay": 0.0}
#: places where numbers are positions, not quantities
POSITIONS = re.compile(r"\.axis$|inbound_nodes|(in|out)put_layers")
UNKNOWN = object()


class Differ:
    """Walks two values in one spelling together.

    Attributes
    ----------
    compared : int
    lost : list of str
        Differences that count as a loss.
    notes : list of str
        What only the observed side states.
    excused : list of str
        Differences that the code's own model shows in the consumer as well.
    """

    def __init__(self):
        self.compared, self.lost, self.notes, self.excused = 0, [], [], []

    def walk(self, a, b, code, path=""):
        """Record where ``b`` differs from ``a``. ``code`` is the value at the same place of the code's model."""
        if isinstance(a, dict) and isinstance(b, dict):
            for key in sorted(set(a) | set(b)):
                here = f"{path}.{key}" if path else key
                if key in a and key in b:
                    self.walk(a[key], b[key], _at(code, key), here)
                elif not meaningless(key, a.get(key, b.get(key))):
                    here_too = key not in b and isinstance(code, dict) and key not in code
                    self._one_sided(here, key in a, a.get(key, b.get(key)), here_too)
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            for i, (x, y) in enumerate(zip(a, b, strict=True)):
                self.walk(x, y, _at(code, i), f"{path}[{i}]")
        else:
            self.compared += 1
            if a != b and not (_empty(a) and _empty(b)):
                same = _alike(b, code) and not (_measures(a, path) and _measures(b, path))
                (self.excused if same else self.lost).append(f"{path}: {short(b)}, was {short(a)}")

    def _one_sided(self, path, ours, value, here_too):
        self.compared += ours
        where = self.notes if not ours else self.excused if here_too else self.lost
        where.append(f"{path}: {'missing, was ' if ours else ''}{short(value)}")


def _at(code, key):
    """The value of a key or index in the code's description, or UNKNOWN."""
    known = (
        isinstance(code, dict) and key in code or isinstance(code, list) and isinstance(key, int) and key < len(code)
    )
    return code[key] if known else UNKNOWN


def _alike(value, code):
    """Whether the code's model has the same value. Numbers at the end of names are ignored: Keras counts them up."""
    if isinstance(value, str) and isinstance(code, str):
        return re.sub(r"_\d+$", "", value) == re.sub(r"_\d+$", "", code)
    return code is not UNKNOWN and value == code


def _measures(value, path):
    """Whether a value is a quantity and not a position. Each Keras counts positions (axes, nodes) in its own way."""
    quantity = isinstance(value, (float, int)) and not isinstance(value, bool)
    return quantity and not POSITIONS.search(path)


def meaningless(key, value):
    """Whether stating an argument means the same as leaving it out."""
    return _empty(value) or ABSENT.get(key) == value


def _empty(value):
    return value is None or value is False or value in ({}, [], "")
